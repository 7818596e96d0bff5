/** Signs checkpoints of the ledger (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note). The Ed25519 key is derived from the root key and never leaves. */
import { createHash, createPublicKey, sign } from 'node:crypto';
import type { z } from 'zod';
import type { SignCheckpoint } from '#contract/internal/custody.ts';
import { signingKey } from './signing-key.ts';

/** Signature type of Ed25519 in a verifier key. */
const ed25519 = 0x01;

export function signCheckpoint(rootKey: Buffer, { origin, size, root }: z.output<typeof SignCheckpoint.request>): z.output<typeof SignCheckpoint.response> {
  const key = signingKey(rootKey, 'ledger-signing');
  const typed = Buffer.concat([Buffer.from([ed25519]), createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32)]);
  const id = createHash('sha256').update(`${origin}\n`).update(typed).digest().subarray(0, 4);
  const text = `${origin}\n${size}\n${root}\n`;
  const signature = Buffer.concat([id, sign(null, Buffer.from(text), key)]).toString('base64');
  return { note: `${text}\n\u2014 ${origin} ${signature}\n`, verifierKey: `${origin}+${id.toString('hex')}+${typed.toString('base64')}` };
}
