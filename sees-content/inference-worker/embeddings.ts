/** POST /v1/embeddings */
import type { LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import type { Embeddings, EmbeddingsRequest } from '#contract/http/embeddings.ts';
import type { RequestContext } from './chat-completion.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';

export interface Embedder { model: LlamaModel; context: LlamaEmbeddingContext; contextLength: number; /** Length of a vector. */ length: number }

/** Tokens with the model's own beginning and end; what is too long is refused, not cut. */
function prepare({ model, contextLength }: Embedder, input: string | number[]): Token[] {
  const tokens = typeof input === 'string' ? model.tokenize(input, false) : input as Token[];
  const { bos, sep, eos } = model.tokens;
  const end = sep ?? eos;
  const whole = [...(bos === null || tokens[0] === bos ? [] : [bos]), ...tokens, ...(end === null || tokens.at(-1) === end ? [] : [end])];
  if (whole.length > contextLength) throw new Refusal('context_length_exceeded', 'input');
  return whole;
}

function inputsOf(input: EmbeddingsRequest['input']): (string | number[])[] {
  if (typeof input === 'string') return [input];
  return typeof input[0] === 'number' ? [input as number[]] : input as string[] | number[][];
}

function unit(vector: readonly number[]): Float32Array {
  const norm = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / norm);
}

let order: Promise<unknown> = Promise.resolve();

export async function embeddings(embedder: Embedder, request: EmbeddingsRequest, { id, signal }: RequestContext, reply: Reply): Promise<void> {
  if (request.dimensions !== undefined && request.dimensions !== null && request.dimensions !== embedder.length) throw new Refusal('unsupported_parameter', 'dimensions');
  const inputs = inputsOf(request.input).map((input) => prepare(embedder, input));
  const vectors: Float32Array[] = [];
  for (const tokens of inputs) {
    // One text at a time, requests taking turns: the engine has no batches for these.
    const turn = order.then(async () => {
      if (signal.aborted) throw new Error('aborted');
      return await embedder.context.getEmbeddingFor(tokens);
    });
    order = turn.catch(() => undefined);
    vectors.push(unit((await turn).vector));
  }
  const count = inputs.reduce((sum, tokens) => sum + tokens.length, 0);
  const encode = (vector: Float32Array): number[] | string => (request.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]);
  reply.document({
    object: 'list', id: `embd-${id}`, model: request.model ?? '', usage: { prompt_tokens: count, total_tokens: count },
    data: vectors.map((vector, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
  } satisfies Embeddings);
}
