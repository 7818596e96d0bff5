/** What a browser fetches before the studio is there stays small: the page's script, all that it imports at once, and its styles; also together with its first page. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const most = 300_000;
const studio = fileURLToPath(new URL('.', import.meta.url));
const assets = join(studio, 'dist/assets');
const read = (file: string): string => readFileSync(join(assets, file), 'utf8');
/** The files and what they import statically, again and again. */
function withImports(files: readonly string[], all = new Set<string>()): Set<string> {
  for (const file of files) {
    if (all.has(file)) continue;
    all.add(file);
    if (file.endsWith('.js')) withImports([...read(file).matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)].map(([, name = '']) => name), all);
  }
  return all;
}
const packed = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + gzipSync(read(file)).length, 0);

let initial: string[] = [];
before(() => {
  execFileSync(process.execPath, [join(studio, 'build.mjs')], { stdio: 'ignore' });
  initial = [...readFileSync(join(studio, 'dist/index.html'), 'utf8').matchAll(/(?:src|href)="\/studio\/assets\/([\w.-]+)"/g)].map(([, name = '']) => name);
});

test('the first load is below 300 kB gzipped', (context) => {
  const files = withImports(initial);
  assert.ok(files.size > 2 && [...files].some((file) => file.endsWith('.css')), 'a script, what it imports, and styles are found');
  context.diagnostic(`${packed(files)} bytes`);
  assert.ok(packed(files) < most, `${packed(files)} bytes`);
});

test('so it is with the catalog, which is opened first', (context) => {
  const pages = readdirSync(assets).filter((file) => file.endsWith('.js') && read(file).includes('Search models'));
  assert.equal(pages.length, 1);
  const files = withImports([...initial, ...pages]);
  context.diagnostic(`${packed(files)} bytes`);
  assert.ok(packed(files) < most, `${packed(files)} bytes`);
});
