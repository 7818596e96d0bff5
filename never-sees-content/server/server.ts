/** Control's HTTP server on its local socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { errorCodeOf, events } from './events.ts';
import type { ControlContext } from './handler.ts';
import { performInternal } from './internal.ts';
import { match } from './match.ts';
import { perform } from './perform.ts';
import { Refusal } from './refusal.ts';

const bodyLimit = 8 << 20;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Refusal('body_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) { response.end(); return; }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

function answerError(response: ServerResponse, code: ErrorCode, param: string | null): number {
  const { status, type, message } = errorCodes[code];
  answer(response, status, { error: { message, type, param, code } });
  return status;
}

const requestIdOf = (request: IncomingMessage): string => {
  const id = request.headers['x-request-id'];
  return typeof id === 'string' && /^req_[0-9a-hjkmnp-tv-z]{26}$/.test(id) ? id : 'none';
};

async function serve(request: IncomingMessage, response: ServerResponse, context: ControlContext): Promise<void> {
  const start = performance.now();
  const url = new URL(request.url ?? '/', 'http://control');
  const found = match(request.method ?? '', url.pathname);
  const name = typeof found === 'object' ? found.operation.id : url.pathname.startsWith('/internal/') ? 'internal' : 'none';
  let status = 200;
  let code: ErrorCode | null = null;
  try {
    const body = await readBody(request);
    if (name === 'internal') {
      const result = await performInternal(request, response, body, context);
      if (result) answer(response, 200, result);
      return;
    }
    if (typeof found === 'string') throw new Refusal(found);
    status = found.operation.status ?? 200;
    const principal = request.headers['x-modelkeep-principal'];
    answer(response, status, await perform({ operation: found.operation, params: found.params, query: url.searchParams, principal: typeof principal === 'string' ? principal : undefined, body }, context));
  } catch (error) {
    code = error instanceof Refusal ? error.code : 'internal_error';
    if (!(error instanceof Refusal)) events.unexpected(requestIdOf(request), name, error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
    status = answerError(response, code, error instanceof Refusal ? error.param : null);
  }
  if (name !== 'internal') events.requestFinished(requestIdOf(request), name, status, code, Math.round(performance.now() - start));
}

export function controlServer(context: ControlContext): Server {
  return createServer((request, response) => {
    serve(request, response, context).catch((error: unknown) => {
      events.unexpected(requestIdOf(request), 'none', error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
      response.destroy();
    });
  });
}
