/** What HTTP itself refuses. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { errorCodes } from '#contract/error-codes.ts';
import { events } from './events.ts';
import { errorBody } from './gateway-error.ts';

/** As JSON, like every other refusal. */
export function refuseMalformed(server: Server): void {
  // A connection with an answer under way cannot be told anything more in between.
  const answering = new WeakMap<Socket, number>();
  const count = (socket: Socket, by: 1 | -1): void => { answering.set(socket, (answering.get(socket) ?? 0) + by); };
  server.on('request', ({ socket }, response) => { count(socket, 1); response.once('close', () => count(socket, -1)); });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') { socket.destroy(); return; }
    const code = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'invalid_request';
    events.connectionRefused(code === 'headers_too_large' ? 'headers_too_large' : code === 'request_timeout' ? 'timeout' : 'malformed');
    if ((answering.get(socket) ?? 0) > 0) { socket.destroy(); return; }
    const body = JSON.stringify(errorBody({ code, param: null }));
    const { status } = errorCodes[code];
    socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  });
}
