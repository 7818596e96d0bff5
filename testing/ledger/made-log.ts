/** What the verifier's tests make their logs with: a key, and the hashes of RFC 6962, sharing no code with the verifier. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

export const name = 'modelkeep/prj_test';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const typed = Buffer.concat([Buffer.from([1]), publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)]);
const idOf = (log: string): Buffer => createHash('sha256').update(`${log}\n`).update(typed).digest().subarray(0, 4);
/** The verifier key of a log, all of which have one key. */
export const keyOf = (log: string): string => `${log}+${idOf(log).toString('hex')}+${typed.toString('base64')}\n`;
export const key = keyOf(name);

export const sha256 = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
/** MTH of RFC 6962, section 2.1, word for word. */
export function root(leaves: Buffer[]): Buffer {
  if (leaves.length <= 1) return leaves[0] ?? sha256();
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256('\x01', root(leaves.slice(0, k)), root(leaves.slice(k)));
}

/** A checkpoint's text, signed with that key. */
export function signedNote(text: string, log = name): Buffer {
  return Buffer.from(`${text}\n\u2014 ${log} ${Buffer.concat([idOf(log), sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`);
}
