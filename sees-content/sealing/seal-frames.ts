/** Header and frames of layers that are used for this once, and wiped at the end: a second object under the same layers would repeat their nonces. */
import { cut } from './cut.ts';
import { sealFrame } from './frame.ts';
import { wipe } from './layers.ts';
import type { Layers } from './layers.ts';
import { frameSize } from './sizes.ts';

export async function* sealFrames(source: AsyncIterable<Buffer>, layers: Layers): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield layers.header;
    let index = 0;
    for await (const { block, last } of cut(source, frameSize)) yield* sealFrame(layers, block, index++, last);
  } finally { wipe(layers); }
}
