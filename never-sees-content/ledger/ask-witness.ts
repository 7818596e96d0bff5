/** Asks a witness to cosign a checkpoint (https://c2sp.org/tlog-witness). It is sent the checkpoint and a consistency proof, which are published anyway. */
import { verify } from 'node:crypto';
import { request } from 'undici';
import type { Witness } from './witness-list.ts';

const patienceMs = 10_000;
const longestAnswer = 10_000;

export class WitnessRefused extends Error {
  /** HTTP status, or 0 where it gave no usable cosignature. */
  readonly status: number;
  /** What the witness has seen last, where it says that this is another size. */
  readonly size: number | undefined;
  constructor(status: number, size?: number) { super(`witness answered ${status}`); this.name = 'WitnessRefused'; this.status = status; this.size = size; }
}

/** `note`: the signed checkpoint. `path`: proof from the size `old` that the witness has seen last. @returns its cosignature lines. @throws WitnessRefused; what the connection throws */
export async function askWitness(witness: Witness, note: string, old: number, path: Buffer[]): Promise<string> {
  const body = `old ${old}\n${path.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`;
  const answer = await request(`${witness.url}/add-checkpoint`, { method: 'POST', body, headersTimeout: patienceMs, bodyTimeout: patienceMs, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  let text = '';
  for await (const chunk of answer.body) {
    text += String(chunk);
    if (text.length > longestAnswer) { answer.body.destroy(); throw new WitnessRefused(0); }
  }
  if (answer.statusCode === 409 && /^\d{1,15}\n?$/.test(text)) throw new WitnessRefused(409, Number(text));
  if (answer.statusCode !== 200) throw new WitnessRefused(answer.statusCode);
  const lines = text.split('\n').filter((line) => isCosignature(line, witness, note));
  if (lines.length === 0) throw new WitnessRefused(0);
  return lines.map((line) => `${line}\n`).join('');
}

/** A line of the witness's own key over this checkpoint and a time. */
function isCosignature(line: string, { name, id, key }: Witness, note: string): boolean {
  const [, by = '', encoded = ''] = /^\u2014 (\S+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (by !== name || bytes.length !== 4 + 8 + 64 || !bytes.subarray(0, 4).equals(id)) return false;
  const text = note.slice(0, note.indexOf('\n\n') + 1);
  return verify(null, Buffer.from(`cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n${text}`), key, bytes.subarray(12));
}
