/** An answer in one piece: taken apart by the contract, so that nothing else of the engine's passes, and put together again. */
import type { Readable } from 'node:stream';
import { ChatCompletion } from '#contract/http/chat-completions.ts';
import { Completion } from '#contract/http/completions.ts';
import { Embeddings } from '#contract/http/embeddings.ts';
import { GatewayError } from '../gateway-error.ts';
import type { InferenceRequest } from './parse-request.ts';
import { readTokens, usageOf } from './tokens.ts';
import type { Tokens } from './tokens.ts';

/** Most bytes of an answer, and of a refusal, of which only a code is looked at. */
const largest = { answer: 64 << 20, refusal: 64 << 10 } as const;

/** @throws GatewayError engine_failed where it is too large, engine_crashed where it breaks off */
export async function readWhole(body: Readable, what: keyof typeof largest): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest[what]) throw new GatewayError('engine_failed');
      chunks.push(chunk);
    }
  } catch (error) { throw error instanceof GatewayError ? error : new GatewayError('engine_crashed'); }
  return Buffer.concat(chunks).toString('utf8');
}

/** @throws GatewayError engine_failed where the engine did not keep to the protocol, or did not say what it used. */
export function wholeAnswer(request: InferenceRequest, text: string, model: string, requestId: string): { body: string; tokens: Tokens } {
  let value: unknown;
  try { value = JSON.parse(text); } catch { throw new GatewayError('engine_failed'); }
  if (request.operation === 'createEmbeddings') return embeddingsAnswer(request, value, model, requestId);
  if (typeof value !== 'object' || value === null) throw new GatewayError('engine_failed');
  const tokens = readTokens((value as Record<string, unknown>)['usage']);
  const filled = { ...fill(value as Record<string, unknown>, model, requestId, request.operation), usage: usageOf(tokens) };
  const result = (request.operation === 'createChatCompletion' ? ChatCompletion : Completion).safeParse(filled);
  if (!result.success || result.data.choices.length === 0) throw new GatewayError('engine_failed');
  return { body: JSON.stringify(result.data), tokens };
}

/** Some servers leave out what clients need. */
function fill(own: Record<string, unknown>, model: string, requestId: string, operation: 'createChatCompletion' | 'createCompletion'): Record<string, unknown> {
  const chat = operation === 'createChatCompletion';
  const choices = Array.isArray(own['choices']) ? (own['choices'] as Record<string, unknown>[]).map((choice, index) => ({ index, ...(chat ? {} : { logprobs: null }), ...choice })) : own['choices'];
  return { object: chat ? 'chat.completion' : 'text_completion', created: Math.floor(Date.now() / 1000), ...own, id: `${chat ? 'chatcmpl' : 'cmpl'}-${requestId.slice(4)}`, model, choices };
}

function embeddingsAnswer({ body }: Extract<InferenceRequest, { operation: 'createEmbeddings' }>, value: unknown, model: string, requestId: string): { body: string; tokens: Tokens } {
  const own = typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  const tokens = readTokens(own['usage'], false);
  const usage = { prompt_tokens: tokens.prompt, total_tokens: tokens.prompt };
  const result = Embeddings.safeParse({ object: 'list', ...own, model, id: `embd-${requestId.slice(4)}`, usage });
  if (!result.success || result.data.data.length === 0) throw new GatewayError('engine_failed');
  const packed = body.encoding_format === 'base64';
  const data = result.data.data.map((item) => ({ ...item, embedding: packed && Array.isArray(item.embedding) ? Buffer.from(Float32Array.from(item.embedding).buffer).toString('base64') : item.embedding }));
  return { body: JSON.stringify({ ...result.data, data }), tokens };
}
