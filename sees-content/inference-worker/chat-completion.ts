/** POST /v1/chat/completions */
import type { ChatWrapper } from 'node-llama-cpp';
import type { z } from 'zod';
import type { ChatCompletion, ChatCompletionChunk, ChatCompletionRequest, Logprobs, ToolCall } from '#contract/http/chat-completions.ts';
import { chatPrompt } from './chat-prompt.ts';
import { generate } from './completion-stream.ts';
import type { TokenReport } from './completion-stream.ts';
import type { Loaded } from './loaded.ts';
import { jsonObjectGrammar, jsonSchemaGrammar } from './json-schema-grammar.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';
import { generationOptions, stopsOf } from './sampling.ts';
import { toolGrammar } from './tools.ts';

export interface RequestContext { id: string; cacheScope: string; signal: AbortSignal }

function grammarOf(request: ChatCompletionRequest): string | null {
  const call = toolGrammar(request);
  const format = request.response_format;
  if (format === undefined || format === null || format.type === 'text') return call;
  if (call !== null) throw new Refusal('unsupported_parameter', 'response_format');
  return format.type === 'json_object' ? jsonObjectGrammar : jsonSchemaGrammar(format.json_schema.schema ?? { type: 'object' });
}

const logprobsOf = (reports: TokenReport[]): z.output<typeof Logprobs> => ({
  content: reports.map(({ token, bytes, logprob, top }) => ({ token, bytes, logprob, top_logprobs: top })), refusal: null,
});

export async function chatCompletion(loaded: Loaded & { wrapper: ChatWrapper }, request: ChatCompletionRequest, context: RequestContext, reply: Reply): Promise<void> {
  const wantsTools = (request.tools?.length ?? 0) > 0 && request.tool_choice !== 'none';
  if (wantsTools && !loaded.tools) throw new Refusal('unsupported_parameter', 'tools');
  if ((request.top_logprobs ?? 0) > 0 && request.logprobs !== true) throw new Refusal('invalid_request', 'top_logprobs');
  const { tokens, stops } = chatPrompt(loaded.engine.model, loaded.wrapper, request);
  const options = generationOptions(request, tokens, request.max_completion_tokens ?? request.max_tokens,
    { grammar: grammarOf(request), topLogprobs: request.logprobs === true ? request.top_logprobs ?? 0 : null }, { contextLength: loaded.slots.contextLength, ...context });
  const head = { id: `chatcmpl-${context.id}`, created: Math.floor(Date.now() / 1000), model: request.model ?? '' };
  const stream = { stops: [...stops, ...stopsOf(request)], tools: wantsTools };
  const run = (onPart: Parameters<typeof generate>[4]): Promise<void> => generate(loaded.scheduler, loaded.engine.model, options, stream, onPart);
  if (request.stream === true) await streamed(run, head, request.logprobs === true, reply);
  else await whole(run, head, request.logprobs === true, reply);
}

type Run = (onPart: Parameters<typeof generate>[4]) => Promise<void>;
interface Head { id: string; created: number; model: string }

async function whole(run: Run, head: Head, logprobs: boolean, reply: Reply): Promise<void> {
  let text = '';
  const calls: z.output<typeof ToolCall>[] = [];
  const reports: TokenReport[] = [];
  await run((part) => {
    if (part.type === 'text') { text += part.text; reports.push(...part.logprobs); } else if (part.type === 'tool_call') calls.push(part.call); else {
      reply.document({ object: 'chat.completion', ...head, choices: [{
        index: 0, message: { role: 'assistant', content: calls.length > 0 && text === '' ? null : text, refusal: null, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
        finish_reason: part.reason, logprobs: logprobs ? logprobsOf(reports) : null,
      }], usage: part.usage } satisfies ChatCompletion);
    }
  });
}

async function streamed(run: Run, head: Head, logprobs: boolean, reply: Reply): Promise<void> {
  type Choice = ChatCompletionChunk['choices'][number];
  const send = (delta: Choice['delta'], more: Partial<Choice> = {}): void => reply.event({ object: 'chat.completion.chunk', ...head, choices: [{ index: 0, delta, finish_reason: null, ...more }] } satisfies ChatCompletionChunk);
  let first = true;
  let call = 0;
  const open = (): void => { if (first) { first = false; send({ role: 'assistant', content: '' }); } };
  await run((part) => {
    open();
    if (part.type === 'text') send({ content: part.text }, logprobs ? { logprobs: logprobsOf(part.logprobs) } : {});
    else if (part.type === 'tool_call') send({ tool_calls: [{ index: call++, ...part.call }] });
    else {
      send({}, { finish_reason: part.reason });
      reply.event({ object: 'chat.completion.chunk', ...head, choices: [], usage: part.usage } satisfies ChatCompletionChunk);
      reply.event('[DONE]');
      reply.end();
    }
  });
}
