/** The supervisor's own door: which processes run, and with what configuration. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';

export interface StatusSource { status(): object; configuration(): object }

export async function startStatusServer(socket: string, source: StatusSource): Promise<Server> {
  const server = createServer((request, response) => {
    const body = request.url === '/status' ? source.status() : request.url === '/configuration' ? source.configuration() : undefined;
    response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? { error: { code: 'not_found' } }));
  });
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  chmodSync(socket, 0o600);
  server.unref();
  return server;
}
