/** What is sent on to an engine: built from an allow-list. `user`, `metadata`, `store`, `service_tier` and whatever is unknown stay here. */
import type { Route } from '#contract/internal/routing-snapshot.ts';
import type { InferenceRequest } from './parse-request.ts';

const sampling = ['max_tokens', 'temperature', 'top_p', 'n', 'stream', 'stop', 'seed', 'presence_penalty', 'frequency_penalty', 'logit_bias'] as const;
const forwarded = {
  createChatCompletion: ['messages', ...sampling, 'max_completion_tokens', 'logprobs', 'top_logprobs', 'response_format', 'tools', 'tool_choice', 'parallel_tool_calls'],
  createCompletion: ['prompt', ...sampling, 'logprobs'],
  createEmbeddings: ['input', 'encoding_format', 'dimensions', 'input_type'],
} as const;

/** Additions that keep tenants apart, in the server's own dialect. */
function dialect(route: Route, cacheScope: string): Record<string, unknown> {
  if (route.engine.kind !== 'external') return {};
  switch (route.engine.dialect) {
    case 'vllm': return { cache_salt: cacheScope };
    case 'llama-server': return { cache_prompt: false };
    case 'openai': return {};
  }
}

export function forwardedBody({ operation, body }: InferenceRequest, route: Route, cacheScope: string): string {
  const fields: Record<string, unknown> = { model: route.engine.kind === 'external' ? route.engine.servedModel : route.name };
  for (const name of forwarded[operation]) {
    const value = (body as Record<string, unknown>)[name];
    if (value !== undefined && value !== null) fields[name] = value;
  }
  if (fields['stream'] === true) fields['stream_options'] = { include_usage: true };
  if (route.engine.kind === 'external' && operation === 'createEmbeddings') {
    // Asked for as numbers and packed here: a server that does not know base64 would otherwise ruin the answer silently.
    delete fields['encoding_format'];
    delete fields['input_type'];
  }
  return JSON.stringify({ ...fields, ...(operation === 'createEmbeddings' ? {} : dialect(route, cacheScope)) });
}
