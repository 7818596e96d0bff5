/**
 * Opens a sealed object: gives out authenticated plaintext only, a frame at a time. What came before an error is authentic and not the whole: the whole is there when the stream ends
 * without one. The keys are needed until the first bytes are out.
 */
import { cut } from './cut.ts';
import { openFrame } from './frame.ts';
import type { SealedIdentity } from './identity.ts';
import { openLayers, wipe } from './layers.ts';
import type { LayerKeys, Layers } from './layers.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { headerSize, sealedFrameSize } from './sizes.ts';

/** @throws SealedDataInvalid */
export async function* open(source: AsyncIterable<Buffer>, identity: SealedIdentity, keys: LayerKeys): AsyncGenerator<Buffer, void, undefined> {
  let layers: Layers | undefined;
  let index = 0;
  try {
    for await (const { block, last } of cut(source, sealedFrameSize, headerSize)) {
      if (layers) yield openFrame(layers, block, index++, last);
      else if (last) throw new SealedDataInvalid('end');
      else layers = openLayers(block, identity, keys);
    }
  } finally { if (layers) wipe(layers); }
}

/**
 * Opens the header and the first frame and gives out nothing: shows that a copy can be opened with these keys, or with what is left of them cannot. Of `source`, the object from its
 * beginning, no more is asked for than that and what tells whether it is all.
 * @throws SealedDataInvalid
 */
export async function checkOpens(source: AsyncIterable<Buffer>, identity: SealedIdentity, keys: LayerKeys): Promise<void> {
  for await (const plain of open(source, identity, keys)) {
    plain.fill(0);
    return;
  }
}
