/** Control's HTTP server on its local socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { RequestId } from '#contract/names.ts';
import { publishedLedger } from '../ledger/published.ts';
import { StorageError } from '../storage/storage.ts';
import { errorCodeOf, events } from './events.ts';
import type { ControlContext } from './handler.ts';
import { performInternal } from './internal.ts';
import { match } from './match.ts';
import { objectStream } from './object-streams.ts';
import { parse, perform } from './perform.ts';
import { bodyLimits, readBody } from './read-body.ts';
import { Refusal } from './refusal.ts';

/** `path`: as the gateway sent it. Nothing resolves dots or turns slashes in it, so that both processes mean the same operation. */
interface Exchange { request: IncomingMessage; response: ServerResponse; path: string; query: URLSearchParams; requestId: string }
/** What an exchange came to: for its event. */
interface Outcome { operation: string; status: number; code: ErrorCode | null }

function answer({ response, requestId }: Exchange, status: number, body: unknown): void {
  if (response.headersSent) { response.destroy(); return; }
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-request-id': requestId }).end(JSON.stringify(body));
}

/** An error is public only where it says so; every other one is `internal_error`, or `control_unavailable` while the database is away. */
function refusalOf(error: unknown, requestId: string, operation: string): Refusal {
  if (error instanceof Refusal) return error;
  events.unexpected(requestId, operation, error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
  return new Refusal(error instanceof StorageError && error.code === 'database_unreachable' ? 'control_unavailable' : 'internal_error');
}

function answerError(exchange: Exchange, { code, param, retryAfterMs }: Refusal): number {
  const { status, type, message } = errorCodes[code];
  if (code === 'body_too_large') exchange.response.setHeader('connection', 'close');
  if (retryAfterMs !== undefined) exchange.response.setHeader('retry-after-ms', String(retryAfterMs));
  answer(exchange, status, { error: { message, type, param, code } });
  return status;
}

async function serveInternal(exchange: Exchange, context: ControlContext): Promise<void> {
  const { request, response, path, query, requestId } = exchange;
  try {
    const streamed = await objectStream(request, response, path, query, context);
    if (streamed === 'streamed') return;
    const result = streamed ?? await performInternal(request, response, await readBody(request, bodyLimits.internal), context);
    if (result) answer(exchange, 200, result);
  } catch (error) { answerError(exchange, refusalOf(error, requestId, 'internal')); }
}

async function serveOperation(exchange: Exchange, context: ControlContext): Promise<Outcome> {
  const { request, path, query, requestId } = exchange;
  const found = match(request.method ?? '', path);
  const operation = typeof found === 'object' ? found.operation.id : 'none';
  try {
    if (typeof found === 'string') throw new Refusal(found);
    if (found.operation.media !== undefined) {
      const { body, immutable } = await publishedLedger(operation, parse(found.operation.params, found.params, 'not_found') as Record<string, string> | undefined ?? {}, context.storage);
      exchange.response.writeHead(200, { 'content-type': found.operation.media, 'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache', 'x-request-id': requestId }).end(body);
      return { operation, status: 200, code: null };
    }
    const principal = request.headers['x-modelkeep-principal'];
    const body = await readBody(request, bodyLimits.operation);
    const result = await perform({ ...found, query, principal: typeof principal === 'string' ? principal : undefined, body }, context);
    const status = found.operation.status ?? 200;
    answer(exchange, status, result);
    return { operation, status, code: null };
  } catch (error) {
    const refusal = refusalOf(error, requestId, operation);
    return { operation, status: answerError(exchange, refusal), code: refusal.code };
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, context: ControlContext): Promise<void> {
  const start = performance.now();
  const id = RequestId.safeParse(request.headers['x-request-id']);
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const exchange: Exchange = { request, response, path, query: new URLSearchParams(query), requestId: id.data ?? 'none' };
  if (path.startsWith('/internal/')) { await serveInternal(exchange, context); return; }
  const { operation, status, code } = await serveOperation(exchange, context);
  events.requestFinished(exchange.requestId, operation, status, code, Math.round(performance.now() - start));
}

export function controlServer(context: ControlContext): Server {
  // A sealed object takes as long as its sender takes.
  return createServer({ requestTimeout: 0 }, (request, response) => {
    serve(request, response, context).catch((error: unknown) => {
      events.unexpected('none', 'none', error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
      response.destroy();
    });
  });
}
