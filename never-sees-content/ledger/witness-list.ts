/** The witnesses that a file names: one a line, its verifier key and its address. `#` begins a comment. */
import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** `id`: 4 bytes that begin its signatures. `url`: prefix of its submission, without a slash at the end. */
export interface Witness { name: string; id: Buffer; key: KeyObject; url: string }

/** Signature type of a timestamped Ed25519 cosignature (https://c2sp.org/tlog-cosignature). */
const cosignature = 0x04;
const spkiHead = Buffer.from('302a300506032b6570032100', 'hex');
const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** The configuration names a witness that cannot be used. */
export class WitnessInvalid extends Error {
  readonly code = 'configuration_invalid';
  constructor(line: number, reason: string) { super(`witness on line ${line}: ${reason}`); this.name = 'WitnessInvalid'; }
}

/** @throws WitnessInvalid with the line; what reading the file throws */
export function readWitnesses(file: string | undefined): Witness[] {
  if (file === undefined) return [];
  return readFileSync(file, 'utf8').split('\n').flatMap((text, i) => {
    const [verifierKey = '', address = ''] = text.replace(/#.*/, '').trim().split(/\s+/);
    return verifierKey === '' ? [] : [parseWitness(verifierKey, address, i + 1)];
  });
}

function parseWitness(verifierKey: string, address: string, line: number): Witness {
  const [, name = '', hash = '', encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(verifierKey) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  if (typed.length !== 33 || typed[0] !== cosignature || id.toString('hex') !== hash) throw new WitnessInvalid(line, 'its verifier key is not one of a cosigner');
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname)))) throw new WitnessInvalid(line, 'its address is not https');
  return { name, id, key: createPublicKey({ key: Buffer.concat([spkiHead, typed.subarray(1)]), format: 'der', type: 'spki' }), url: address.replace(/\/+$/, '') };
}
