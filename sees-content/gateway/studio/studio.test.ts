import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { readBuiltStudio } from './built-files.ts';
import type { BuiltStudio } from './built-files.ts';
import { serveStudio } from './serve-studio.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-studio-'));
let studio: BuiltStudio | undefined;
const server = createServer((asked, response) => { if (!serveStudio(asked, response, (asked.url ?? '').split('?')[0] ?? '', studio)) response.writeHead(418).end(); });
let origin = '';
before(async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<meta property="csp-nonce" nonce="STYLE-NONCE"><script type="module" src="/studio/assets/main.js"></script>');
  writeFileSync(join(folder, 'assets/main.js'), 'export {};'.repeat(200));
  writeFileSync(join(folder, 'assets/main.js.map'), '{}');
  studio = readBuiltStudio(folder);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => { server.close(); rmSync(folder, { recursive: true }); });
const get = async (path: string, headers: Record<string, string> = {}, method: 'GET' | 'POST' = 'GET') => {
  const answer = await request(`${origin}${path}`, { headers, method });
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
};

test('every address of the studio is its one page, each time with another nonce, and no script of anyone else', async () => {
  const [first, second] = [await get('/studio'), await get('/studio/deployments/new')];
  for (const { status, headers, body } of [first, second]) {
    assert.equal(status, 200);
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /script-src 'self';.*frame-ancestors 'none'.*require-trusted-types-for 'script'/);
    assert.ok(!policy.includes('unsafe'));
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? 'none';
    assert.ok(body.toString().includes(`nonce="${nonce}"`));
    assert.equal(headers['cache-control'], 'no-store');
  }
  assert.notEqual(first.headers['content-security-policy'], second.headers['content-security-policy']);
});

test('files come compressed where the browser takes it, are kept by their digest, and others than the studio\'s are not there', async () => {
  const [packed, plain] = [await get('/studio/assets/main.js', { 'accept-encoding': 'gzip, br' }), await get('/studio/assets/main.js')];
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.body.toString(), 'export {};'.repeat(200));
  assert.equal((await get('/studio/assets/main.js', { 'if-none-match': String(plain.headers['etag']) })).status, 304);
  for (const path of ['/studio/assets/none.js', '/studio/assets/main.js.map', '/studio/assets/..%2f..%2f..%2fetc/passwd']) assert.equal((await get(path)).status, 404, path);
});

test('whoever asks / for a page is led to the studio; whoever asks for anything else is not', async () => {
  assert.equal((await get('/', { accept: 'text/html,*/*' })).headers['location'], '/studio');
  assert.equal((await get('/', { accept: 'application/json' })).status, 418);
  assert.equal((await get('/studio', {}, 'POST')).status, 405);
});

test('a studio that is not built says so', async () => {
  const built = studio;
  studio = readBuiltStudio(join(folder, 'nowhere'));
  const { status, body } = await get('/studio');
  studio = built;
  assert.equal(status, 503);
  assert.match(body.toString(), /npm run studio/);
});
