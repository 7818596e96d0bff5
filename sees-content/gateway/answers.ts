/** How an answer goes out, and what becomes of a body that nobody read. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { stalledClientMs } from './inference/read-frames.ts';

/** How long the rest of a refused body is thrown away, so that the refusal is read and not lost in a reset. */
const discardMs = 1000;

export function requestHeaders(requestId: string): Record<string, string> {
  return { 'x-request-id': requestId, 'apim-request-id': requestId, 'x-ms-request-id': requestId, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
}

/** `headers` may name another type than JSON. */
export function reply(response: ServerResponse, status: number, headers: Record<string, string>, body: object | string | Buffer): void {
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers, 'content-length': Buffer.byteLength(bytes) }).end(bytes);
  // What has been given to a connection must not stay in memory for a client that does not take it.
  response.setTimeout(stalledClientMs, () => response.destroy());
}

/** Answers a request whose body was not read to its end. The connection cannot be used again. */
export function replyUnread(request: IncomingMessage, response: ServerResponse, status: number, headers: Record<string, string>, text: string): void {
  response.writeHead(status, { ...headers, connection: 'close', 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text);
  const end = (): void => { clearTimeout(late); response.end(() => request.socket.destroy()); };
  const late = setTimeout(end, discardMs);
  request.removeAllListeners('data');
  request.once('end', end).once('error', end).resume();
}

/** A body that nobody reads and that does not end would keep its connection for ever. */
export function endUnread(request: IncomingMessage): void {
  if (request.complete) return;
  const late = setTimeout(() => request.socket.destroy(), discardMs * 5).unref();
  request.once('close', () => clearTimeout(late)).once('end', () => clearTimeout(late));
}
