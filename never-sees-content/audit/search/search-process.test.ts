import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeCanary } from '../canary.ts';
import { Needles } from './needles.ts';
import { Search } from './search.ts';
import { searchCommandLine, searchDeletedFiles, searchEnvironment, searchMemory } from './search-process.ts';

const [inArgument = '', inEnvironment = '', asText = '', asWide = '', inBuffer = '', inFile = '', nowhere = ''] = Array.from({ length: 7 }, makeCanary);
const needles = new Needles([inArgument, inEnvironment, asText, asWide, inBuffer, inFile, nowhere]);

test('a process keeps nothing from the search: arguments, environment, strings, buffers, deleted files', { timeout: 30_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelkeep-process-'));
  writeFileSync(join(folder, 'deleted'), inFile);
  const file = openSync(join(folder, 'deleted'), 'r');
  // The wide string has a letter outside Latin-1, so that it is held in UTF-16; the buffer is a large one, outside the heap.
  const program = `process.stdin.on('data', (chunk) => { const [text, wide, bytes] = chunk.toString().split(' '); const big = Buffer.alloc(1 << 26); big.write(bytes, 50_000_000);
    globalThis.held = [JSON.parse(JSON.stringify(text)), JSON.parse(JSON.stringify('\\u20ac' + wide)), big]; process.stdout.write('held'); })`;
  const child = spawn(process.execPath, ['-e', program, inArgument], { env: { CANARY: inEnvironment }, stdio: ['pipe', 'pipe', 'ignore', file] });
  try {
    rmSync(folder, { recursive: true });
    assert.ok(child.stdin && child.stdout);
    child.stdin.write(`${asText} ${asWide} ${inBuffer}`);
    await once(child.stdout, 'data');
    const pid = child.pid ?? -1;
    const found = (look: (search: Search) => void): string[] => { const search = new Search(needles); look(search); return [...new Set(search.hits.map(({ text }) => text))]; };
    assert.deepEqual(found((search) => searchCommandLine(search, pid, 'child')), [inArgument]);
    assert.deepEqual(found((search) => searchEnvironment(search, pid, 'child')), [inEnvironment]);
    assert.deepEqual(found((search) => searchDeletedFiles(search, pid, 'child')), [inFile]);
    const search = new Search(needles);
    searchMemory(search, pid, 'child', new Set());
    for (const canary of [inArgument, inEnvironment, asText, asWide, inBuffer]) assert.ok(search.hits.some(({ text }) => text === canary), canary);
    assert.ok(search.hits.some(({ text, spelling }) => text === asWide && spelling === 'utf16'));
    assert.ok(!search.hits.some(({ text }) => text === nowhere || text === inFile));
    // What was only reserved is not read: the large buffer has one page in it.
    assert.ok(search.bytes < 200_000_000, String(search.bytes));
  } finally { child.kill('SIGKILL'); }
});
