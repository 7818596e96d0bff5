/** A body against the contract: strict, with the choices that Azure's `extra-parameters` header gives. */
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { ChatCompletionRequest } from '#contract/http/chat-completions.ts';
import { CompletionRequest } from '#contract/http/completions.ts';
import { EmbeddingsRequest } from '#contract/http/embeddings.ts';
import { fieldsOf } from '#contract/marks.ts';
import { GatewayError } from '../gateway-error.ts';

export type InferenceOperation = 'createChatCompletion' | 'createCompletion' | 'createEmbeddings';
export type InferenceRequest =
  | { operation: 'createChatCompletion'; body: ChatCompletionRequest }
  | { operation: 'createCompletion'; body: CompletionRequest }
  | { operation: 'createEmbeddings'; body: EmbeddingsRequest };

const schemas = { createChatCompletion: ChatCompletionRequest, createCompletion: CompletionRequest, createEmbeddings: EmbeddingsRequest };
/** Every name of a field in the contract: only these, and positions, are ever told back. */
const names = new Set(Object.values(schemas).flatMap((schema) => fieldsOf(schema)).flatMap(({ path }) => path.split(/[.[\]{}]+/)));

/** @throws GatewayError invalid_request, unknown_parameter, storage_not_supported */
export function parseRequest(operation: InferenceOperation, value: unknown, headers: IncomingHttpHeaders): InferenceRequest {
  const schema = schemas[operation];
  let result: z.ZodSafeParseResult<unknown> = schema.safeParse(value);
  const unknown = result.success ? [] : result.error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [issue] : []));
  const [first] = unknown;
  if (first) {
    if (!drops(headers)) throw new GatewayError('unknown_parameter', placeOfUnknown(first));
    result = schema.safeParse(unknown.reduce((rest, issue) => without(rest, issue.path, issue.keys), value));
  }
  if (!result.success) throw new GatewayError('invalid_request', place(result.error.issues[0]?.path ?? []));
  const request = { operation, body: result.data } as InferenceRequest;
  if (request.operation === 'createChatCompletion' && request.body.store === true) throw new GatewayError('storage_not_supported', 'store');
  return request;
}

/** `pass-through` and `allow` ask for unknown fields to reach the engine: none does, so they are refused like by default. */
function drops(headers: IncomingHttpHeaders): boolean {
  const wish = headers['extra-parameters'];
  return typeof wish === 'string' && ['drop', 'ignore'].includes(wish.trim().toLowerCase());
}

/** A field's place, of names that the contract knows and of positions. It ends before a name that the caller chose. */
function place(path: readonly PropertyKey[]): string | null {
  const foreign = path.findIndex((step) => typeof step !== 'number' && !names.has(String(step)));
  const known = foreign < 0 ? path : path.slice(0, foreign);
  return known.length === 0 ? null : known.map(String).join('.');
}

/** An unknown name is the caller's own text: it is told back only where it looks like a parameter's name. */
function placeOfUnknown({ path, keys }: { path: readonly PropertyKey[]; keys: readonly string[] }): string | null {
  const name = /^[a-z][a-z0-9_]{0,63}$/.test(keys[0] ?? '') ? keys[0] : undefined;
  return name === undefined ? place(path) : [place(path), name].filter((part) => part !== null).join('.');
}

/** A copy without some members of the object at `path`. */
function without(value: unknown, [step, ...deeper]: readonly PropertyKey[], keys: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value);
  if (step === undefined) return Object.fromEntries(members.filter(([name]) => !keys.includes(name)));
  return Object.fromEntries(members.map(([name, member]) => [name, name === step ? without(member, deeper, keys) : member]));
}
