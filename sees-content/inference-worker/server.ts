/** The worker's only door: HTTP/2 on the socket that it inherited. */
import { createServer } from 'node:http2';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { ChatCompletionRequest } from '#contract/http/chat-completions.ts';
import type { CompletionRequest } from '#contract/http/completions.ts';
import type { EmbeddingsRequest } from '#contract/http/embeddings.ts';
import { LoadRequest } from '#contract/internal/worker-protocol.ts';
import type { ProbeResult } from '#contract/internal/worker-protocol.ts';
import { chatCompletion } from './chat-completion.ts';
import type { RequestContext } from './chat-completion.ts';
import { completion } from './completion.ts';
import { embeddings } from './embeddings.ts';
import { load } from './loaded.ts';
import type { Loaded, LoadedEmbedder } from './loaded.ts';
import { Refusal } from './refusal.ts';
import { Reply } from './reply.ts';

const bodyLimit = 64 << 20;

export class WorkerServer {
  readonly #weights: string;
  readonly #probe: ProbeResult;
  #state: 'empty' | 'loading' | 'ready' = 'empty';
  #share = 0;
  #loaded: Loaded | LoadedEmbedder | undefined;

  constructor(weights: string, probe: ProbeResult) {
    this.#weights = weights;
    this.#probe = probe;
  }

  create(): Http2Server {
    const server = createServer({ settings: { maxConcurrentStreams: 4096, enablePush: false, initialWindowSize: 1 << 20 } });
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      const reply = new Reply(stream);
      this.#serve(stream, headers, reply).catch((error: unknown) => reply.error(error));
    });
    server.on('sessionError', () => undefined);
    return server;
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, reply: Reply): Promise<void> {
    const route = `${String(headers[':method'])} ${String(headers[':path'])}`;
    const body = await readBody(stream);
    switch (route) {
      case 'GET /probe': reply.document(this.#probe); return;
      case 'GET /health': reply.document(this.#health()); return;
      case 'POST /load': await this.#load(body, reply); return;
      case 'POST /v1/chat/completions': case 'POST /v1/completions': case 'POST /v1/embeddings':
        await this.#infer(route, body, contextOf(stream, headers), reply); return;
      default: throw new Refusal('not_found');
    }
  }

  #health(): object {
    const scheduler = this.#loaded?.kind === 'generation' ? this.#loaded.scheduler : undefined;
    return { state: this.#state, loadedShare: this.#share, active: scheduler?.active ?? 0, waiting: scheduler?.waiting ?? 0 };
  }

  async #load(body: string, reply: Reply): Promise<void> {
    if (this.#state !== 'empty') { reply.document({ error: { code: 'unexpected' } }, 409); return; }
    this.#state = 'loading';
    try {
      const { loaded, result } = await load(this.#weights, LoadRequest.parse(JSON.parse(body)), (share) => { this.#share = share; });
      this.#loaded = loaded;
      this.#state = 'ready';
      reply.document(result);
    } catch (error) {
      this.#state = 'empty';
      reply.document({ error: { code: error instanceof Error && error.name === 'InsufficientMemoryError' ? 'memory_insufficient' : 'model_load_failed' } }, 500);
    }
  }

  /** The body was validated by the gateway against the contract; the worker answers for what only the model can know. */
  async #infer(route: string, body: string, context: RequestContext, reply: Reply): Promise<void> {
    const loaded = this.#loaded;
    if (!loaded) throw new Refusal('deployment_not_ready');
    const request = JSON.parse(body) as unknown;
    if (route === 'POST /v1/embeddings') {
      if (loaded.kind !== 'embeddings') throw new Refusal('unsupported_parameter', 'model');
      await embeddings(loaded.embedder, request as EmbeddingsRequest, context, reply);
      return;
    }
    if (loaded.kind !== 'generation') throw new Refusal('unsupported_parameter', 'model');
    if (route === 'POST /v1/completions') await completion(loaded, request as CompletionRequest, context, reply);
    else await chatCompletion(loaded, request as ChatCompletionRequest, context, reply);
  }
}

/** Leaving the stream, or its breaking, ends the work on it. */
function contextOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): RequestContext {
  const controller = new AbortController();
  stream.on('close', () => controller.abort());
  if (stream.destroyed) controller.abort();
  const scope = String(headers['x-modelkeep-cache-scope'] ?? '');
  if (!/^[0-9a-f]{64}$/.test(scope)) throw new Refusal('invalid_request');
  return { id: String(headers['x-request-id'] ?? '').replace(/^req_/, ''), cacheScope: scope, signal: controller.signal };
}

async function readBody(stream: ServerHttp2Stream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new Refusal('body_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
