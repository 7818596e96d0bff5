/** Seals a stream in both layers, frame by frame. The keys may be zeroed once this has returned; an object whose stream breaks off has no last frame, and does not open. */
import { randomBytes } from 'node:crypto';
import type { SealedIdentity } from './identity.ts';
import { startLayers } from './layers.ts';
import type { LayerKeys } from './layers.ts';
import { sealFrames } from './seal-frames.ts';

export function seal(source: AsyncIterable<Buffer>, identity: SealedIdentity, keys: LayerKeys): AsyncGenerator<Buffer, void, undefined> {
  return sealFrames(source, startLayers(identity, keys, { customer: randomBytes(32), platform: randomBytes(32) }));
}
