/** The two layers of one object: their frame keys, and the header that says how these came from the data keys. */
import { createHash, hkdfSync, timingSafeEqual } from 'node:crypto';
import { contextOf, format } from './identity.ts';
import type { Layer, SealedIdentity } from './identity.ts';
import { SealedDataInvalid } from './sealed-data-invalid.ts';
import { headerSize } from './sizes.ts';

/** Data keys of one object, 32 random bytes each. Who has made them zeroes them. */
export interface LayerKeys { platform: Buffer; customer: Buffer }
/** 32 random bytes each, new for every sealing. */
export type Salts = Record<Layer, Buffer>;
/** `binding`: 32 bytes that stand for the identity, the layer and the header. */
export interface LayerKey { frameKey: Buffer; binding: Buffer }
export interface Layers extends Record<Layer, LayerKey> { header: Buffer }

const magic = Buffer.from(`${format}\n`);
const order = ['customer', 'platform'] as const;

/** @throws TypeError where a key, a salt or the identity is none */
export function startLayers(identity: SealedIdentity, keys: LayerKeys, salts: Salts): Layers {
  const derived = deriveBoth(identity, keys, salts);
  return bind(identity, derived, Buffer.concat([magic, ...order.flatMap((layer) => [salts[layer], derived[layer].commitment])]));
}

/** @throws SealedDataInvalid, TypeError where a key or the identity is none */
export function openLayers(header: Buffer, identity: SealedIdentity, keys: LayerKeys): Layers {
  if (header.length !== headerSize || !header.subarray(0, magic.length).equals(magic)) throw new SealedDataInvalid('format');
  const part = (index: number): Buffer => header.subarray(magic.length + 32 * index, magic.length + 32 * (index + 1));
  const derived = deriveBoth(identity, keys, { customer: part(0), platform: part(2) });
  // Both are compared, so that the time says nothing of which one differs.
  const same = [timingSafeEqual(derived.customer.commitment, part(1)), timingSafeEqual(derived.platform.commitment, part(3))];
  if (same.includes(false)) {
    for (const layer of order) derived[layer].frameKey.fill(0);
    throw new SealedDataInvalid('key');
  }
  return bind(identity, derived, Buffer.from(header));
}

/** To be called once the object is done with: the frame keys are gone then. */
export function wipe(layers: Layers): void {
  for (const layer of order) layers[layer].frameKey.fill(0);
}

interface Derived { frameKey: Buffer; commitment: Buffer }
const deriveBoth = (identity: SealedIdentity, keys: LayerKeys, salts: Salts): Record<Layer, Derived> => {
  for (const bytes of [keys.customer, keys.platform, salts.customer, salts.platform]) if (bytes.length !== 32) throw new TypeError('a key or salt that is not 32 bytes');
  const derive = (layer: Layer): Derived => {
    const bytes = Buffer.from(hkdfSync('sha256', keys[layer], salts[layer], contextOf(layer, identity), 64));
    return { frameKey: bytes.subarray(0, 32), commitment: bytes.subarray(32) };
  };
  return { customer: derive('customer'), platform: derive('platform') };
};

function bind(identity: SealedIdentity, derived: Record<Layer, Derived>, header: Buffer): Layers {
  const layerKey = (layer: Layer): LayerKey => ({ frameKey: derived[layer].frameKey, binding: createHash('sha256').update(contextOf(layer, identity)).update(header).digest() });
  return { header, customer: layerKey('customer'), platform: layerKey('platform') };
}
