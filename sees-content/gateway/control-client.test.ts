/** What takes control long for one project is waited for by nobody else. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { sockets } from '#contract/installation.ts';
import { ControlClient } from './control-client.ts';
import { ControlObjects } from './files/control-objects.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-control-'));
const control = createServer((request, response) => {
  // A provider or a bucket that says nothing.
  if (request.url?.includes('slow')) return;
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});
before(async () => { await once(control.listen(join(folder, sockets.control)), 'listening'); });
after(() => { control.close(); control.closeAllConnections(); rmSync(folder, { recursive: true, force: true }); });

test('operations of control, and sealed bytes on their way', { timeout: 20_000 }, async () => {
  const client = new ControlClient(folder);
  const objects = new ControlObjects(client, folder);
  const { signal } = new AbortController();
  const slow = [
    ...Array.from({ length: 100 }, () => client.forward({ path: '/api/slow', method: 'GET', headers: {}, body: Buffer.alloc(0) }).catch(() => undefined)),
    ...Array.from({ length: 400 }, () => objects.read('slow', signal).catch(() => undefined)),
  ];
  assert.deepEqual(await client.ask('/internal/quick', {}), {});
  assert.equal((await client.forward({ path: '/api/quick', method: 'GET', headers: {}, body: Buffer.alloc(0) })).statusCode, 200);
  assert.equal(await text(await objects.read('quick', signal)), '{}');
  await objects.close();
  await client.close();
  await Promise.all(slow);
});
