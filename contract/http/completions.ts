/** OpenAI text completions (legacy, still what many base models and tools are used with). */
import { z } from 'zod';
import { content, pub } from '../marks.ts';
import { operation } from '../operation.ts';
import { CompletionUsage, createChatCompletion, FinishReason, samplingFields } from './chat-completions.ts';

export const CompletionRequest = z.strictObject({
  model: pub(z.string().max(300).optional()),
  /** One prompt: a string, a list of one string, or token ids. */
  prompt: content(z.union([z.string(), z.array(z.string()).length(1), z.array(z.int().min(0)).min(1).max(1_000_000)])),
  ...samplingFields,
  logprobs: pub(z.int().min(0).max(5).nullish()),
  echo: pub(z.literal(false).nullish()),
  suffix: content(z.null().optional()),
  best_of: pub(z.literal(1).nullish()),
});
export type CompletionRequest = z.output<typeof CompletionRequest>;

const CompletionChoice = z.object({
  index: pub(z.int()), text: content(z.string()), finish_reason: pub(FinishReason.nullable()),
  logprobs: content(z.object({
    tokens: z.array(z.string()), token_logprobs: z.array(z.number().nullable()),
    top_logprobs: z.array(z.record(z.string(), z.number())).nullable(), text_offset: z.array(z.int()),
  }).nullable()),
});
export const Completion = z.object({
  id: pub(z.string()), object: pub(z.literal('text_completion')), created: pub(z.int()), model: pub(z.string()),
  choices: z.array(CompletionChoice), usage: CompletionUsage,
});
export type Completion = z.output<typeof Completion>;
export const CompletionChunk = Completion.extend({ usage: CompletionUsage.nullish() });
export type CompletionChunk = z.output<typeof CompletionChunk>;

export const createCompletion = operation({
  id: 'createCompletion', summary: 'Continue a text', tag: 'inference', method: 'POST', path: '/v1/completions',
  aliases: ['/openai/v1/completions', '/openai/deployments/{deployment}/completions', '/endpoints/{deployment}/v1/completions'],
  access: 'inference', servedBy: 'gateway', request: CompletionRequest, response: Completion, event: CompletionChunk,
  errors: createChatCompletion.errors,
});
