/** A body against the contract: strict, with the choices that Azure's `extra-parameters` header gives. */
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { ChatCompletionRequest } from '#contract/http/chat-completions.ts';
import { CompletionRequest } from '#contract/http/completions.ts';
import { EmbeddingsRequest } from '#contract/http/embeddings.ts';
import { GatewayError } from '../gateway-error.ts';

export type InferenceOperation = 'createChatCompletion' | 'createCompletion' | 'createEmbeddings';
export type InferenceRequest =
  | { operation: 'createChatCompletion'; body: ChatCompletionRequest }
  | { operation: 'createCompletion'; body: CompletionRequest }
  | { operation: 'createEmbeddings'; body: EmbeddingsRequest };

const schemas = { createChatCompletion: ChatCompletionRequest, createCompletion: CompletionRequest, createEmbeddings: EmbeddingsRequest };

/** A field's place, of names that the contract knows and of positions: never a name that the caller chose. */
function place(path: readonly PropertyKey[]): string | null {
  return path.length === 0 ? null : path.map(String).join('.').slice(0, 200);
}

function issueOf(error: z.ZodError): GatewayError {
  const [issue] = error.issues;
  if (!issue) return new GatewayError('invalid_request');
  return new GatewayError('invalid_request', place(issue.path));
}

/** @throws GatewayError invalid_request, unknown_parameter, storage_not_supported */
export function parseRequest(operation: InferenceOperation, value: unknown, headers: IncomingHttpHeaders): InferenceRequest {
  const schema = schemas[operation];
  let input = value;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const unknown = Object.keys(value).filter((key) => !Object.hasOwn(schema.shape, key));
    const wish = String(headers['extra-parameters'] ?? 'error').toLowerCase();
    // A name that is not the contract's is the caller's own text: it is told back only where it looks like a parameter's name.
    if (unknown.length > 0 && wish !== 'drop' && wish !== 'ignore') throw new GatewayError('unknown_parameter', /^[a-z][a-z0-9_]{0,63}$/.test(unknown[0] ?? '') ? unknown[0] ?? null : null);
    if (unknown.length > 0) input = Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(schema.shape, key)));
  }
  const result = schema.safeParse(input);
  if (!result.success) throw issueOf(result.error);
  if (operation === 'createChatCompletion' && (result.data as ChatCompletionRequest).store === true) throw new GatewayError('storage_not_supported', 'store');
  return { operation, body: result.data } as InferenceRequest;
}
