/**
 * Feeds the verifier changed receipts, bundles, deletion certificates and checkpoints of a real installation, for as long as it is told: it must answer each, and pass none.
 *
 *   npm run fuzz:verify -- [--minutes N] [--seed N]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import type { Verdict } from '#edge/verify/checks.ts';
import { verifyBundle } from '#edge/verify/verify-bundle.ts';
import { verifyCheckpoints } from '#edge/verify/verify-checkpoints.ts';
import { verifyDeletion } from '#edge/verify/verify-deletion.ts';
import { verifyReceipt } from '#edge/verify/verify-receipt.ts';
import { Installation } from '../installation.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, seed: { type: 'string', default: String(Date.now() % 2 ** 32) } } });
type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** xorshift32: the same seed makes the same run. */
let state = (Number(values.seed) >>> 0) || 1;
const random = (below: number): number => { state ^= state << 13; state ^= state >>> 17; state ^= state << 5; return (state >>> 0) % below; };
const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T;

const odd: Json[] = [null, true, 0, -1, 1.5, 2 ** 53, 1e308, '', '\u0000', '\ud800', 'a'.repeat(70_000), '\u2014', '+', '=', 'AAAA', [], {}, [[[[]]]], { toString: 1 }, { constructor: {} }, { __proto__: null }];
function changeValue(value: Json, depth: number): Json {
  if (depth === 0 || random(4) === 0 || value === null || typeof value !== 'object') {
    if (typeof value === 'number' && random(2)) return value + pick([1, -1, 256, -256, 2 ** 32]);
    if (typeof value === 'string' && value !== '' && random(2)) { const at = random(value.length); return value.slice(0, at) + pick(['', 'A', '\n', ' ', '"', '\u2014', value]) + value.slice(at + random(3)); }
    return pick(odd);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || random(5) === 0) return [...value, pick(odd)];
    const at = random(value.length);
    return random(4) === 0 ? value.toSpliced(at, 1) : value.with(at, changeValue(value[at] as Json, depth - 1));
  }
  const name = pick(Object.keys(value));
  if (random(6) === 0) return Object.fromEntries(Object.entries(value).filter(([each]) => each !== name));
  if (random(6) === 0) return { ...value, [pick(['x', 'toString', '__proto__', 'constructor', ''])]: pick(odd) };
  return { ...value, [name]: changeValue(value[name] as Json, depth - 1) };
}
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(',')}}`;
  return JSON.stringify(value);
}
function changeBytes(bytes: Uint8Array): Uint8Array {
  let changed = [...bytes];
  for (let n = 1 + random(4); n > 0; n--) {
    const at = random(changed.length + 1);
    const what = random(4);
    if (what === 0) changed[at % Math.max(1, changed.length)] = random(256);
    else if (what === 1) changed.splice(at, 1 + random(20));
    else if (what === 2) changed.splice(at, 0, ...Array.from({ length: 1 + random(8) }, () => random(256)));
    else changed = changed.slice(0, at);
  }
  return Uint8Array.from(changed);
}

/** A bundle that only lacks entries holds, as far as can be seen without the log; a receipt may come without its opening. */
function onlyShorter(changed: Uint8Array, bytes: Uint8Array): boolean {
  try {
    const [one, other] = [changed, bytes].map((each) => JSON.parse(new TextDecoder().decode(each)) as { entries: Json[]; opening?: Json });
    if (one?.opening === null && other) return canonical(one) === canonical({ ...other, opening: null });
    const left = new Set(other?.entries.map(canonical));
    return one !== undefined && other !== undefined && one.entries.every((entry) => left.has(canonical(entry))) && canonical({ ...one, entries: [] }) === canonical({ ...other, entries: [] });
  } catch { return false; }
}

/** A certificate may be spelled anew. */
function sameDocument(changed: Uint8Array, bytes: Uint8Array): boolean {
  try { const [one, other] = [changed, bytes].map((each) => canonical(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(each)) as Json)); return one === other; } catch { return false; }
}

const installation = await Installation.start();
const samples: { name: string; bytes: Uint8Array; check: (bytes: Uint8Array) => Promise<Verdict> }[] = [];
const save = async (name: string, args: string[], check: (bytes: Uint8Array) => Promise<Verdict>): Promise<void> => {
  const file = join(installation.data, `${name}.json`);
  await installation.cli(...args, '-o', file);
  samples.push({ name, bytes: new Uint8Array(readFileSync(file)), check });
};
try {
  await installation.json('engines', 'add', 'none', '--url', 'http://127.0.0.1:9/v1', '--model', 'smollm2-135m-instruct');
  const { primaryKey } = await installation.json<{ primaryKey: string }>('deploy', 'smollm2-135m-instruct', '--serverless', '--name', 'fuzz', '--engine', 'none', '--no-wait').catch(() => installation.json<{ primaryKey: string }>('deploy', 'smollm2-135m-instruct', '--serverless', '--name', 'fuzz', '--engine', 'none'));
  const { id } = await installation.json<{ id: string }>('deployments', 'show', 'fuzz');
  const answer = await request(`${installation.origin}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' }, body: '{"model":"fuzz"}' });
  await answer.body.dump();
  await save('receipt', ['receipts', 'get', String(answer.headers['x-request-id']), '--key', primaryKey], (file) => verifyReceipt({ file }));
  await installation.json('deployments', 'delete', 'fuzz');
  await save('deletion', ['ledger', 'deletion', id], (file) => verifyDeletion({ file }));
  await save('bundle', ['ledger', 'export'], (file) => verifyBundle({ file }));
  const get = async (path: string): Promise<Uint8Array> => new Uint8Array(await (await fetch(`${installation.origin}/ledger/${path}`)).arrayBuffer());
  const [checkpoint, keyBytes] = [await get('checkpoint'), await get('key')];
  const size = Number(new TextDecoder().decode(checkpoint).split('\n')[1]);
  const files = new Map<string, Uint8Array>();
  for (const path of [`tile/0/000.p/${size}`, `tile/entries/000.p/${size}`]) files.set(path, await get(path));
  const key = new TextDecoder().decode(keyBytes);
  const read = (changed: Map<string, Uint8Array>) => (path: string) => Promise.resolve(changed.get(path));
  samples.push({ name: 'checkpoint', bytes: checkpoint, check: (older) => verifyCheckpoints({ key, older, newer: checkpoint }, read(files)) });
  for (const [path, bytes] of files) samples.push({ name: path, bytes, check: (changed) => verifyCheckpoints({ key, older: checkpoint, newer: checkpoint }, read(new Map([...files, [path, changed]]))) });
  for (const { name, bytes, check } of samples) if (!(await check(bytes)).passed) throw new Error(`${name} does not pass as it is`);

  const counts: Record<string, number> = {};
  const codes = new Set<string>();
  for (const end = Date.now() + Number(values.minutes) * 60_000; Date.now() < end;) {
    const { name, bytes, check } = pick(samples);
    let changed = bytes;
    if (random(2) && bytes[0] === 0x7b) {
      const value = changeValue(JSON.parse(new TextDecoder().decode(bytes)) as Json, 8);
      changed = new TextEncoder().encode(`${random(5) ? canonical(value) : JSON.stringify(value)}\n`);
    } else changed = changeBytes(bytes);
    if (onlyShorter(changed, bytes) || (name === 'deletion' && sameDocument(changed, bytes))) continue;
    if (Buffer.from(changed).toString().trim() === Buffer.from(bytes).toString().trim()) continue;
    try {
      const verdict = await check(changed);
      if (verdict.passed) throw new Error('passed');
      const code = verdict.checks.at(-1)?.code;
      if (code === undefined) throw new Error('no code');
      codes.add(code);
    } catch (error) {
      writeFileSync(join(process.cwd(), 'fuzz-failure'), changed);
      throw new Error(`${name}, seed ${values.seed}: see ./fuzz-failure`, { cause: error });
    }
    counts[name] = (counts[name] ?? 0) + 1;
  }
  process.stdout.write(`${JSON.stringify({ seed: values.seed, minutes: values.minutes, changed: counts, codes: [...codes].sort() }, null, 1)}\n`);
} finally { await installation.remove(); }
