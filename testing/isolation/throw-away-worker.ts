/** A worker without a model, for attacks: says what the probe found, sealed as the real worker is; aborts or eats memory when told to. */
import { createServer } from 'node:http2';
import { Socket } from 'node:net';
import { runProbe } from '#content/worker-host/isolation/probe.ts';
import { sealProcess } from '#content/worker-host/isolation/seal.ts';

sealProcess();
const probe = runProbe();
const planted = `planted-in-memory-${process.pid}-${'x'.repeat(2000)}`;
const hog: Buffer[] = [];

const server = createServer();
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined);
  const path = String(headers[':path']);
  if (path === '/probe') { stream.respond({ ':status': 200 }); stream.end(JSON.stringify(probe)); return; }
  if (path === '/load') { stream.respond({ ':status': 200 }); stream.end(JSON.stringify({ contextLength: 64, embeddingLength: null, engine: 'none' })); return; }
  if (path === '/v1/completions') { hog.push(Buffer.from(planted)); process.abort(); }
  if (path === '/v1/embeddings') for (;;) hog.push(Buffer.alloc(16 << 20, 1));
});
server.on('sessionError', () => undefined);
const socket = new Socket({ fd: 3, readable: true, writable: true });
socket.on('error', () => process.exit(0)).on('close', () => process.exit(0));
server.emit('connection', socket);
