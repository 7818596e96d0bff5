/** One request to a model from the page, with the very bytes that went and came: they live in the page's memory, and the receipt is checked against them. */
import type { CompletionUsage } from '#contract/http/chat-completions.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { ApiError, refusalOf, send } from '../api/call.ts';
import { readAnswer, takeChunk, takeVectors, takeWhole } from './read-answer.ts';
import type { ReadAnswer, Take } from './read-answer.ts';

export interface Exchange {
  requestId: string;
  /** The HTTP bodies, byte for byte; a stream with its frames. */
  sent: Uint8Array; received: Uint8Array;
  /** Base64. Told by the server, because a session has no key to derive it from. */
  salt: string | null;
  streamed: boolean;
  /** Milliseconds from sending. `firstMs` is null where nothing came; without streaming it is not that of the first token. */
  firstMs: number | null; totalMs: number;
  usage: CompletionUsage | null;
  finish: string | null;
  /** Why there is no answer, or not all of it. */
  refusal: ApiError | null;
  /** All bytes that the server sent have come. False where the person stopped it or the connection was cut. */
  whole: boolean;
  /** The person stopped it. */
  stopped: boolean;
}
export interface ChatRequest { model: string; messages: { role: 'system' | 'user' | 'assistant'; content: string }[]; stream?: boolean; [parameter: string]: unknown }

/** Sends a chat request. `onText` gets each piece of the answer as it comes. @throws ApiError unreachable */
export async function chat(request: ChatRequest, onText: (piece: string) => void, signal: AbortSignal): Promise<Exchange> {
  const streamed = request.stream === true;
  const text = JSON.stringify(streamed ? { ...request, stream_options: { include_usage: true } } : request);
  return await exchange('createChatCompletion', { text, streamed, take: streamed ? takeChunk(onText) : takeWhole(onText) }, signal);
}

/** Vectors of texts. `onVectors` gets them in the order of the texts. @throws ApiError unreachable */
export async function embed(model: string, input: string[], onVectors: (vectors: number[][]) => void, signal: AbortSignal): Promise<Exchange> {
  return await exchange('createEmbeddings', { text: JSON.stringify({ model, input, encoding_format: 'float' }), streamed: false, take: takeVectors(onVectors) }, signal);
}

/** What this session may use: the smallest request that has a receipt. @throws ApiError unreachable */
export async function listUsable(signal: AbortSignal): Promise<Exchange> {
  return await exchange('listOpenAIModels', { text: '', streamed: false, take: () => undefined }, signal);
}

async function exchange(id: 'createChatCompletion' | 'createEmbeddings' | 'listOpenAIModels', { text, streamed, take }: { text: string; streamed: boolean; take: Take }, signal: AbortSignal): Promise<Exchange> {
  const since = performance.now();
  const made: Exchange = { requestId: '', sent: new TextEncoder().encode(text), received: new Uint8Array(), salt: null, streamed, firstMs: null, totalMs: 0, usage: null, finish: null, refusal: null, whole: false, stopped: false };
  try {
    const answer = await send(id, { ...(text === '' ? {} : { text }), signal });
    made.requestId = answer.headers.get('x-request-id') ?? '';
    made.salt = answer.headers.get('x-modelkeep-receipt-salt');
    const read = await readAnswer(answer.body, { streamed: streamed && answer.ok, take: answer.ok ? take : () => undefined, since });
    const { received, firstMs, usage, finish, ended } = read;
    Object.assign(made, { received, firstMs, usage, finish, whole: ended, stopped: signal.aborted && !ended });
    made.refusal = answer.ok ? troubleOf(read, made) : await refusalOf(new Response(received.slice(), { status: answer.status, headers: answer.headers }));
  } catch (error) {
    if (!signal.aborted) throw error;
    made.stopped = true;
  }
  made.totalMs = performance.now() - since;
  return made;
}

/** What went wrong after the server had begun to answer. */
function troubleOf({ error, ended, unreadable }: ReadAnswer, { requestId, stopped }: Exchange): ApiError | null {
  if (error) return new ApiError(error.code as ErrorCode, error.message, 200, requestId);
  if (!ended && !stopped) return new ApiError('unreachable', 'The connection was cut before the answer\'s end. Ask again.', 200, requestId);
  if (unreadable) return new ApiError('internal_error', 'A part of the answer is not what Modelkeep answers: it was changed on the way, or is from something else.', 200, requestId);
  return null;
}
