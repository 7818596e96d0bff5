/**
 * What worker-host and an embedded worker say to each other on the one inherited socket (fd 3): HTTP/2 without TLS, prior knowledge.
 *
 * - `GET /probe`: attacks from inside, before any model is loaded -> ProbeResult
 * - `POST /load` LoadRequest -> 200 LoadResult once the model answers, else `{error:{code}}` with a FailureCode
 * - `GET /health` -> Health
 * - `POST /v1/chat/completions`, `/v1/completions`, `/v1/embeddings`: as the public operations, already validated, with headers
 *   `x-request-id` (becomes part of the answer's id) and `x-modelkeep-cache-scope` (64 hexadecimal digits). `model` in the body is
 *   echoed. With `stream: true`, a usage chunk always precedes `data: [DONE]`. Closing the stream aborts the work within one step.
 *   Errors: `{error:{code, param?}}` with a code of contract/error-codes.ts and nothing of the request in it.
 */
import { z } from 'zod';
import { Task } from '../http/models.ts';
import { Guarantee } from './isolation-profile.ts';

/** Result of each attack tried from inside: true where the attack was refused. */
export const ProbeResult = z.object({
  attacks: z.array(z.object({ guarantee: Guarantee, attack: z.string().regex(/^[a-z0-9_]{1,64}$/), refused: z.boolean().nullable() })),
});
export type ProbeResult = z.output<typeof ProbeResult>;

export const LoadRequest = z.object({
  task: Task,
  /** Tokens of context per sequence. */
  contextLength: z.int().min(64),
  /** Sequences worked on at once. */
  sequences: z.int().min(1).max(256),
  threads: z.int().min(1).max(256),
  embeddingLength: z.int().nullable(),
  tools: z.boolean(),
});
export type LoadRequest = z.output<typeof LoadRequest>;
export const LoadResult = z.object({
  contextLength: z.int(), embeddingLength: z.int().nullable(),
  /** Version of the engine, for the deployment's record. */
  engine: z.string().regex(/^[\w .+-]{1,60}$/),
});
export type LoadResult = z.output<typeof LoadResult>;
export const Health = z.object({ state: z.enum(['empty', 'loading', 'ready']), loadedShare: z.number().min(0).max(1), active: z.int(), waiting: z.int() });
