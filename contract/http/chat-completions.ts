/** OpenAI chat completions, as served on `/v1`, the Azure deployment routes and the Azure AI Model Inference routes. */
import { z } from 'zod';
import { content, pub, personal } from '../marks.ts';
import { operation } from '../operation.ts';

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const Text = z.union([z.string(), z.array(TextPart).max(2048)]);
export const ToolCall = z.object({
  id: z.string().max(200), type: z.literal('function'),
  function: z.object({ name: z.string().max(200), arguments: z.string() }),
});
export const Message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: Text, name: z.string().optional() }),
  z.object({ role: z.literal('developer'), content: Text, name: z.string().optional() }),
  z.object({ role: z.literal('user'), content: Text, name: z.string().optional() }),
  z.object({
    role: z.literal('assistant'), content: Text.nullish(), name: z.string().optional(), refusal: z.string().nullish(),
    tool_calls: z.array(ToolCall).max(128).optional(),
  }),
  z.object({ role: z.literal('tool'), content: Text, tool_call_id: z.string().max(200) }),
]);
export type Message = z.output<typeof Message>;

const JsonSchema = z.union([z.record(z.string(), z.unknown()), z.boolean()]);
export const Tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().regex(/^[a-zA-Z0-9_.-]{1,64}$/), description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(), strict: z.boolean().nullish(),
  }),
});
export const ToolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
]);
export const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({ name: z.string().max(64), description: z.string().optional(), schema: JsonSchema.optional(), strict: z.boolean().nullish() }),
  }),
]);

/** Sampling fields shared by chat and text completions. Limits are those of the OpenAI API. */
export const samplingFields = {
  max_tokens: pub(z.int().min(1).max(10_000_000).nullish()),
  temperature: pub(z.number().min(0).max(2).nullish()),
  top_p: pub(z.number().gt(0).max(1).nullish()),
  n: pub(z.int().min(1).max(128).nullish()),
  stream: pub(z.boolean().nullish()),
  stream_options: z.strictObject({ include_usage: pub(z.boolean().nullish()), include_obfuscation: pub(z.boolean().nullish()) }).nullish(),
  stop: content(z.union([z.string().min(1).max(1000), z.array(z.string().min(1).max(1000)).max(16)]).nullish()),
  seed: pub(z.int().nullish()),
  presence_penalty: pub(z.number().min(-2).max(2).nullish()),
  frequency_penalty: pub(z.number().min(-2).max(2).nullish()),
  logit_bias: content(z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).nullish()),
  /** Accepted and dropped: nothing about the end user is kept or sent on. */
  user: personal(z.string().max(1000).nullish()),
};

export const ChatCompletionRequest = z.strictObject({
  model: pub(z.string().max(300).optional()),
  messages: content(z.array(Message).min(1).max(4096)),
  ...samplingFields,
  max_completion_tokens: pub(z.int().min(1).max(10_000_000).nullish()),
  logprobs: pub(z.boolean().nullish()),
  top_logprobs: pub(z.int().min(0).max(20).nullish()),
  response_format: content(ResponseFormat.nullish()),
  tools: content(z.array(Tool).max(128).nullish()),
  tool_choice: content(ToolChoice.nullish()),
  parallel_tool_calls: pub(z.boolean().nullish()),
  /** Only false: Modelkeep stores no prompt and no output. */
  store: pub(z.boolean().nullish()),
  /** Accepted and dropped: it exists in OpenAI's API to find stored completions again. */
  metadata: personal(z.record(z.string().max(64), z.string().max(512)).nullish()),
  service_tier: pub(z.enum(['auto', 'default']).nullish()),
});
export type ChatCompletionRequest = z.output<typeof ChatCompletionRequest>;

const TokenLogprob = z.object({
  token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable(),
  top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() })),
});
export const Logprobs = content(z.object({ content: z.array(TokenLogprob).nullable(), refusal: z.null().optional() }).nullable());
export const FinishReason = z.enum(['stop', 'length', 'tool_calls', 'content_filter']);

/** Counts of tokens. `cached_tokens`: tokens of the prompt whose state was still in the worker's memory from the same project. */
export const CompletionUsage = z.object({
  prompt_tokens: pub(z.int()), completion_tokens: pub(z.int()), total_tokens: pub(z.int()),
  prompt_tokens_details: z.object({ cached_tokens: pub(z.int()) }).optional(),
});
export type CompletionUsage = z.output<typeof CompletionUsage>;

export const ChatCompletion = z.object({
  id: pub(z.string()), object: pub(z.literal('chat.completion')), created: pub(z.int()), model: pub(z.string()),
  choices: z.array(z.object({
    index: pub(z.int()),
    message: content(z.object({ role: z.literal('assistant'), content: z.string().nullable(), refusal: z.string().nullable().optional(), tool_calls: z.array(ToolCall).optional() })),
    finish_reason: pub(FinishReason), logprobs: Logprobs.optional(),
  })),
  usage: CompletionUsage,
});
export type ChatCompletion = z.output<typeof ChatCompletion>;

export const ChatCompletionChunk = z.object({
  id: pub(z.string()), object: pub(z.literal('chat.completion.chunk')), created: pub(z.int()), model: pub(z.string()),
  choices: z.array(z.object({
    index: pub(z.int()),
    delta: content(z.object({
      role: z.literal('assistant').optional(), content: z.string().nullish(), refusal: z.string().nullish(),
      tool_calls: z.array(z.object({ index: z.int(), id: z.string().optional(), type: z.literal('function').optional(), function: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional() })).optional(),
    })),
    finish_reason: pub(FinishReason.nullable()), logprobs: Logprobs.optional(),
  })),
  usage: CompletionUsage.nullish(),
});
export type ChatCompletionChunk = z.output<typeof ChatCompletionChunk>;

export const createChatCompletion = operation({
  id: 'createChatCompletion', summary: 'Answer a conversation', tag: 'inference', method: 'POST', path: '/v1/chat/completions',
  aliases: ['/openai/v1/chat/completions', '/openai/deployments/{deployment}/chat/completions', '/openai/chat/completions', '/models/chat/completions',
    '/chat/completions', '/endpoints/{deployment}/chat/completions', '/endpoints/{deployment}/v1/chat/completions'],
  access: 'inference', servedBy: 'gateway', request: ChatCompletionRequest, response: ChatCompletion, event: ChatCompletionChunk,
  errors: ['invalid_json', 'invalid_request', 'unknown_parameter', 'unsupported_parameter', 'storage_not_supported', 'context_length_exceeded', 'model_not_found',
    'rate_limit_exceeded', 'queue_full', 'queue_timeout', 'deployment_not_ready', 'deployment_failed', 'isolation_unavailable',
    'engine_unreachable', 'engine_crashed', 'engine_failed', 'engine_refused', 'engine_timeout', 'client_too_slow', 'metering_unavailable'],
});
