import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { connectionsSeenBy, isLoopback, isNone, socketsOf } from './connections.ts';

for (const host of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
  test(`a connection to ${host} is seen, and whose it is`, async (t) => {
    const server = createServer().listen(0, host.includes('ffff') ? '127.0.0.1' : host);
    try { await once(server, 'listening'); } catch { t.skip('no IPv6 here'); return; }
    const { port } = server.address() as AddressInfo;
    const client = connect(port, host);
    await once(client, 'connect');
    const own = socketsOf(process.pid);
    const found = connectionsSeenBy(process.pid).filter(({ remotePort, listening }) => remotePort === port && !listening);
    assert.equal(found.length, 1);
    assert.ok(found[0] && isLoopback(found[0].remote) && own.has(found[0].inode), JSON.stringify(found));
    assert.ok(connectionsSeenBy(process.pid).some(({ localPort, listening, remote }) => localPort === port && listening && isNone(remote)));
    client.destroy();
    server.close();
  });
}
