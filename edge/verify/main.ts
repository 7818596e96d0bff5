/** `modelkeep-verify`: checks what Modelkeep says, without Modelkeep. It needs no network, but for a log that is named by its address. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Verdict } from './checks.ts';
import { failures } from './failure.ts';
import type { Read } from './tree.ts';
import { verifyBundle } from './verify-bundle.ts';
import { verifyCheckpoints } from './verify-checkpoints.ts';
import { verifyDeletion } from './verify-deletion.ts';
import { verifyReceipt } from './verify-receipt.ts';

const usage = `Usage: modelkeep-verify receipt FILE [--prompt FILE] [--response FILE] [OPTIONS]
       modelkeep-verify bundle FILE [--ledger URL-OR-FOLDER] [OPTIONS]
       modelkeep-verify deletion FILE [OPTIONS]
       modelkeep-verify checkpoint OLD NEW --ledger URL-OR-FOLDER [OPTIONS]

  receipt    a receipt as modelkeep receipts get wrote it
  --prompt, --response   HTTP bodies, byte for byte as they were sent and received; a stream with its frames
  bundle     a project's bundle as modelkeep ledger export wrote it
  deletion   a deletion certificate: as modelkeep ledger deletion wrote it, or the certificate of an answer, spelled as your JSON library does
  checkpoint OLD, NEW: checkpoints as served at /ledger/checkpoint; OLD is one that you have kept
  --ledger   where the log is: an address that ends in /ledger, or a folder with its tile/…
  --key      the ledger's verifier key that you have kept; without it the one that comes along is taken, and who it belongs to is not proved
  --old-key  of checkpoint: the verifier key of OLD, where it is of the log before a restore
  --witness  file with the verifier key of a witness that must have cosigned the newest checkpoint; may be given several times
  --json     one JSON document

Exit: 0 all checks passed, 1 a check failed, 2 usage.
`;
/** Bytes that one part of a log can have: 256 entries of 65,535 bytes, with their lengths. */
const longest = 256 * 65_537;

class Unusable extends Error {}

function reader(place: string): Read {
  if (!/^https?:\/\//.test(place)) return async (path) => new Uint8Array(await readFile(join(place, path)));
  return async (path) => {
    const answer = await fetch(`${place.replace(/\/+$/, '')}/${path}`, { redirect: 'error', signal: AbortSignal.timeout(60_000) });
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > longest) return undefined;
    return new Uint8Array(await answer.arrayBuffer());
  };
}

const bytesOf = async (path: string): Promise<Uint8Array> => new Uint8Array(await readFile(path));
const textOf = async (path: string): Promise<string> => new TextDecoder().decode(await bytesOf(path));
const options = { ledger: { type: 'string' }, key: { type: 'string' }, 'old-key': { type: 'string' }, prompt: { type: 'string' }, witness: { type: 'string', multiple: true }, response: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } as const;
type Values = Partial<Record<'ledger' | 'key' | 'old-key' | 'prompt' | 'response', string>> & { witness?: string[]; json: boolean; help: boolean };

/** @returns undefined where the words make no command. @throws Unusable, and what reading a file throws */
async function perform([what, first, second, ...rest]: string[], { ledger, key: keyFile, 'old-key': oldKeyFile, prompt, response, witness = [] }: Values, onProgress: (done: number) => void): Promise<Verdict | undefined> {
  if (first === undefined || rest.length > 0 || (second === undefined) === (what === 'checkpoint')) return undefined;
  const key = keyFile === undefined ? undefined : await textOf(keyFile);
  const witnesses = await Promise.all(witness.map(textOf));
  const file = await bytesOf(first);
  if (what === 'receipt') return await verifyReceipt({ file, key, witnesses, prompt: prompt === undefined ? undefined : await bytesOf(prompt), response: response === undefined ? undefined : await bytesOf(response) });
  if (what === 'bundle') return await verifyBundle({ file, key, witnesses, read: ledger === undefined ? undefined : reader(ledger) }, onProgress);
  if (what === 'deletion') return await verifyDeletion({ file, key, witnesses });
  if (what !== 'checkpoint' || second === undefined || ledger === undefined) return undefined;
  const read = reader(ledger);
  const own = key ?? new TextDecoder().decode(await read('key'));
  if (own === '') throw new Unusable(`${ledger}/key is not there`);
  return await verifyCheckpoints({ key: own, olderKey: oldKeyFile === undefined ? undefined : await textOf(oldKeyFile), older: file, newer: await bytesOf(second), witnesses }, read, onProgress);
}

async function main(): Promise<number> {
  let parsed;
  try { parsed = parseArgs({ allowPositionals: true, options }); } catch { process.stderr.write(usage); return 2; }
  const { values, positionals } = parsed;
  if (values.help) { process.stdout.write(usage); return 0; }
  const bar = process.stderr.isTTY && !values.json;
  let verdict;
  try {
    verdict = await perform(positionals, values, (done) => { if (bar) process.stderr.write(`\r${done} entries`); });
  } catch (error) { process.stderr.write(`modelkeep-verify: ${error instanceof Error ? error.message : 'unreadable'}\n`); return 2; }
  if (bar) process.stderr.write('\r\u001b[K');
  if (!verdict) { process.stderr.write(usage); return 2; }
  if (values.json) process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
  else {
    for (const { check, passed, code } of verdict.checks) process.stdout.write(`${passed ? '✓' : '✗'} ${check}${code === undefined ? '' : `: ${code}. ${failures[code]}`}\n`);
    if (verdict.passed) process.stdout.write(`${verdict.holds ?? ''}${values.key === undefined ? ' Whose key it is was not proved: keep it, and give it with --key.' : ''}\n`);
  }
  return verdict.passed ? 0 : 1;
}
process.exitCode = await main();
