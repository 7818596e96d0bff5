import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { linesOf } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-lines-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'file');
async function linesIn(bytes: string | Buffer): Promise<string[]> {
  writeFileSync(path, bytes);
  const lines: string[] = [];
  for await (const some of linesOf(path)) lines.push(...some);
  return lines;
}

test('only a line feed ends a line, wherever the parts of the file end', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', '')), { maxLength: 30 }), async (lines) => {
    assert.deepEqual(await linesIn(lines.map((line) => `${line}\n`).join('')), lines);
  }), { numRuns: 200 });
  const long = 'ü'.repeat(3 << 20);
  assert.deepEqual(await linesIn(`${long}\nb\u2028c\r\n`), [long, 'b\u2028c\r']);
});

test('a last line without an end is refused: the file was cut', async () => { await assert.rejects(linesIn('a\nb'), RangeError); });
