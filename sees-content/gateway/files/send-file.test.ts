/** However a download ends, its keys end with it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { sendFile } from './serve-files.ts';

const arrived: ((response: ServerResponse) => void)[] = [];
const server = createServer((_request, response) => { arrived.shift()?.(response); });
before(async () => { await once(server.listen(0, '127.0.0.1'), 'listening'); });
after(() => { server.close(); server.closeAllConnections(); });

for (const chunks of [10, 0]) test(`a client that left before its first byte was ready, of ${chunks}`, { timeout: 5000 }, async () => {
  const asked = new Promise<ServerResponse>((resolve) => { arrived.push(resolve); });
  const client = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' }).on('error', () => undefined);
  client.end();
  const response = await asked;
  const left = once(response, 'close');
  client.destroy();
  await left;
  let ended = 0;
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream, as what is opened is one
  const bytes = async function* (): AsyncGenerator<Buffer> { for (let n = 0; n < chunks; n++) yield Buffer.alloc(100_000); };
  response.writeHead(200);
  assert.equal(await sendFile({ status: 200, headers: {}, bytes: bytes(), signal: new AbortController().signal, end: () => { ended++; } }, response, () => undefined), false);
  assert.equal(ended, 1);
});
