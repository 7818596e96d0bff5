/** OpenAI and Azure AI embeddings. */
import { z } from 'zod';
import { content, pub, personal } from '../marks.ts';
import { operation } from '../operation.ts';

export const EmbeddingsRequest = z.strictObject({
  model: pub(z.string().max(300).optional()),
  input: content(z.union([
    z.string().min(1), z.array(z.string().min(1)).min(1).max(2048),
    z.array(z.int().min(0)).min(1).max(1_000_000), z.array(z.array(z.int().min(0)).min(1)).min(1).max(2048),
  ])),
  /** `base64`: little-endian IEEE 754 single precision. */
  encoding_format: pub(z.enum(['float', 'base64']).nullish()),
  dimensions: pub(z.int().min(1).max(100_000).nullish()),
  input_type: pub(z.enum(['text', 'query', 'document']).nullish()),
  user: personal(z.string().max(1000).nullish()),
});
export type EmbeddingsRequest = z.output<typeof EmbeddingsRequest>;

export const Embeddings = z.object({
  object: pub(z.literal('list')), model: pub(z.string()),
  /** Azure clients want an id; OpenAI's do not mind it. */
  id: pub(z.string()),
  data: z.array(z.object({
    object: pub(z.literal('embedding')), index: pub(z.int()),
    embedding: content(z.union([z.array(z.number()), z.string()])),
  })),
  usage: z.object({ prompt_tokens: pub(z.int()), total_tokens: pub(z.int()) }),
});
export type Embeddings = z.output<typeof Embeddings>;

export const createEmbeddings = operation({
  id: 'createEmbeddings', summary: 'Embed texts as vectors of unit length', tag: 'inference', method: 'POST', path: '/v1/embeddings',
  aliases: ['/openai/v1/embeddings', '/openai/deployments/{deployment}/embeddings', '/models/embeddings', '/embeddings',
    '/endpoints/{deployment}/embeddings', '/endpoints/{deployment}/v1/embeddings'],
  access: 'inference', servedBy: 'gateway', request: EmbeddingsRequest, response: Embeddings,
  errors: ['invalid_json', 'invalid_request', 'unknown_parameter', 'unsupported_parameter', 'context_length_exceeded', 'model_not_found', 'rate_limit_exceeded',
    'queue_full', 'queue_timeout', 'deployment_not_ready', 'deployment_failed', 'isolation_unavailable', 'engine_unreachable', 'engine_crashed', 'engine_failed',
    'engine_refused', 'engine_timeout', 'metering_unavailable'],
});
