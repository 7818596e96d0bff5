/** Whose a sealed object is, what for, and which: told by who opens it, never read from it. */
export interface SealedIdentity {
  /** Project id. */
  owner: string;
  purpose: string;
  /** Its own id, used once. */
  object: string;
}

export const format = 'modelkeep/sealed/1';
export type Layer = 'customer' | 'platform';

/** One spelling of an identity in a layer, that no other identity or layer has: each text behind its length. */
export function contextOf(layer: Layer, { owner, purpose, object }: SealedIdentity): Buffer {
  return Buffer.concat([format, layer, owner, purpose, object].flatMap((text) => {
    // A lone surrogate would be spelled as another text is.
    if (text === '' || !text.isWellFormed()) throw new TypeError('an identity without a spelling');
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return [length, bytes];
  }));
}
