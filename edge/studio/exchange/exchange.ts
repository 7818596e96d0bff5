/** One request to a model from the page, with the very bytes that went and came: they live in the page's memory, and the receipt is checked against them. */
import type { CompletionUsage } from '#contract/http/chat-completions.ts';
import { refusalOf, send } from '../api/call.ts';
import type { ApiError } from '../api/call.ts';
import { EventStream } from './event-stream.ts';

export interface Exchange {
  requestId: string;
  /** The HTTP bodies, byte for byte; a stream with its frames. */
  sent: Uint8Array; received: Uint8Array;
  /** Base64. Told by the server, because a session has no key to derive it from. */
  salt: string | null;
  /** Milliseconds from sending. `firstMs` is null where nothing came. */
  firstMs: number | null; totalMs: number;
  usage: CompletionUsage | null;
  finish: string | null;
  refusal: ApiError | null;
  /** The person stopped it: what came until then is shown, and not all bytes that the server sent have arrived. */
  stopped: boolean;
}
export interface ChatRequest { model: string; messages: { role: 'system' | 'user' | 'assistant'; content: string }[]; stream?: boolean; [parameter: string]: unknown }

const utf8 = new TextEncoder();

/** Sends a chat request. `onText` gets each piece of the answer as it comes. @throws ApiError unreachable */
export async function chat(request: ChatRequest, onText: (piece: string) => void, signal: AbortSignal): Promise<Exchange> {
  const text = JSON.stringify(request.stream === true ? { ...request, stream_options: { include_usage: true } } : request);
  return await exchange('createChatCompletion', text, request.stream === true ? (exchange, data) => readChunk(exchange, data, onText) : (exchange, data) => readWhole(exchange, data, onText), request.stream === true, signal);
}

/** Vectors of texts. `onVectors` gets them in the order of the texts. @throws ApiError unreachable */
export async function embed(model: string, input: string[], onVectors: (vectors: number[][]) => void, signal: AbortSignal): Promise<Exchange> {
  const text = JSON.stringify({ model, input, encoding_format: 'float' });
  return await exchange('createEmbeddings', text, (made, data) => {
    const { data: rows, usage } = JSON.parse(data) as { data: { index: number; embedding: number[] }[]; usage: CompletionUsage };
    made.usage = usage;
    onVectors(rows.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding));
  }, false, signal);
}

async function exchange(id: 'createChatCompletion' | 'createEmbeddings', text: string, read: (exchange: Exchange, data: string) => void, streamed: boolean, signal: AbortSignal): Promise<Exchange> {
  const start = performance.now();
  const made: Exchange = { requestId: '', sent: utf8.encode(text), received: new Uint8Array(), salt: null, firstMs: null, totalMs: 0, usage: null, finish: null, refusal: null, stopped: false };
  try {
    const answer = await send(id, { text, signal });
    made.requestId = answer.headers.get('x-request-id') ?? '';
    made.salt = answer.headers.get('x-modelkeep-receipt-salt');
    const events = streamed && answer.ok ? new EventStream() : undefined;
    const pieces: Uint8Array[] = [];
    try {
      const reader = answer.body?.getReader();
      for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
        pieces.push(next.value);
        made.firstMs ??= performance.now() - start;
        for (const data of events?.push(next.value) ?? []) read(made, data);
      }
    } finally { made.received = joined(pieces); }
    if (!answer.ok) made.refusal = await refusalOf(new Response(made.received.slice(), { status: answer.status, headers: answer.headers }));
    else if (!events) read(made, new TextDecoder().decode(made.received));
  } catch (error) {
    if (!signal.aborted) throw error;
    made.stopped = true;
  }
  made.totalMs = performance.now() - start;
  return made;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
  return whole;
}

interface Chunk { choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]; usage?: CompletionUsage | null; error?: { message: string; code: string } }
function readChunk(exchange: Exchange, data: string, onText: (piece: string) => void): void {
  if (data === '[DONE]') return;
  const { choices: [choice] = [], usage, error } = JSON.parse(data) as Chunk;
  if (usage) exchange.usage = usage;
  if (choice?.finish_reason) exchange.finish = choice.finish_reason;
  if (choice?.delta?.content) onText(choice.delta.content);
  if (error) exchange.finish = error.code;
}

function readWhole(exchange: Exchange, data: string, onText: (piece: string) => void): void {
  const { choices: [choice] = [], usage } = JSON.parse(data) as { choices?: { message: { content: string | null }; finish_reason: string }[]; usage?: CompletionUsage };
  exchange.usage = usage ?? null;
  exchange.finish = choice?.finish_reason ?? null;
  onText(choice?.message.content ?? '');
}
