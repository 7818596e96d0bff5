/** `modelkeep-verify`: checks what Modelkeep says, without Modelkeep. It needs no network where the log is in a folder. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failures } from './failure.ts';
import type { Read } from './tree.ts';
import { verifyCheckpoints } from './verify-checkpoints.ts';

const usage = `Usage: modelkeep-verify checkpoint OLD NEW --ledger URL-OR-FOLDER [--key FILE] [--json]

  OLD, NEW   checkpoints as served at /ledger/checkpoint; OLD is one that you have kept
  --ledger   where the log is: an address that ends in /ledger, or a folder with its tile/…
  --key      the verifier key that you have kept; without it the log's own is taken, and who it belongs to is not proved
  --json     one JSON document

Exit: 0 all checks passed, 1 a check failed, 2 usage.
`;
/** Bytes that one part of a log can have: 256 entries of 65,535 bytes, with their lengths. */
const longest = 256 * 65_537;

function reader(place: string): Read {
  if (!/^https?:\/\//.test(place)) return async (path) => new Uint8Array(await readFile(join(place, path)));
  return async (path) => {
    const answer = await fetch(`${place.replace(/\/+$/, '')}/${path}`, { redirect: 'error', signal: AbortSignal.timeout(60_000) });
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > longest) return undefined;
    return new Uint8Array(await answer.arrayBuffer());
  };
}

async function main(): Promise<number> {
  let parsed;
  try { parsed = parseArgs({ allowPositionals: true, options: { ledger: { type: 'string' }, key: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }); } catch { process.stderr.write(usage); return 2; }
  const { values, positionals: [what, oldFile, newFile, ...rest] } = parsed;
  if (values.help) { process.stdout.write(usage); return 0; }
  if (what !== 'checkpoint' || oldFile === undefined || newFile === undefined || rest.length > 0 || values.ledger === undefined) { process.stderr.write(usage); return 2; }
  const read = reader(values.ledger);
  let files;
  try {
    const key = values.key === undefined ? await read('key') : new Uint8Array(await readFile(values.key));
    if (!key) throw new Error(`${values.ledger}/key is not there`);
    files = { key: new TextDecoder().decode(key), older: new Uint8Array(await readFile(oldFile)), newer: new Uint8Array(await readFile(newFile)) };
  } catch (error) { process.stderr.write(`modelkeep-verify: ${error instanceof Error ? error.message : 'unreadable'}\n`); return 2; }
  const bar = process.stderr.isTTY && !values.json;
  const verdict = await verifyCheckpoints(files, read, (done) => { if (bar) process.stderr.write(`\r${done} entries`); });
  if (bar) process.stderr.write('\r\u001b[K');
  if (values.json) process.stdout.write(`${JSON.stringify(verdict, null, 1)}\n`);
  else {
    for (const { check, passed, code } of verdict.checks) process.stdout.write(`${passed ? '✓' : '✗'} ${check}${code === undefined ? '' : `: ${code}. ${failures[code]}`}\n`);
    if (verdict.passed) process.stdout.write(`The log of ${verdict.size ?? 0} entries holds.${values.key === undefined ? ' Whose key it is was not proved: keep it, and give it with --key.' : ''}\n`);
  }
  return verdict.passed ? 0 : 1;
}
process.exitCode = await main();
