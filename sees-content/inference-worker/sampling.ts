/** The parameters that chat and text completions share, as the engine takes them. */
import type { Token } from 'node-llama-cpp';
import type { ChatCompletionRequest } from '#contract/http/chat-completions.ts';
import type { CompletionRequest } from '#contract/http/completions.ts';
import type { GenerationOptions } from './generation.ts';
import { Refusal } from './refusal.ts';

type Shared = Pick<ChatCompletionRequest, keyof CompletionRequest & keyof ChatCompletionRequest & ('max_tokens' | 'temperature' | 'top_p' | 'n' | 'seed' | 'presence_penalty' | 'frequency_penalty' | 'logit_bias' | 'stop')>;

export interface Settings { contextLength: number; cacheScope: string; signal: AbortSignal }

/** @throws Refusal where the prompt and the asked output do not fit the context, or something is asked that this engine does not do. */
export function generationOptions(request: Shared, prompt: Token[], maxTokens: number | null | undefined, more: Pick<GenerationOptions, 'grammar' | 'topLogprobs'>, settings: Settings): GenerationOptions {
  if ((request.n ?? 1) !== 1) throw new Refusal('unsupported_parameter', 'n');
  if (more.grammar !== null && more.topLogprobs !== null) throw new Refusal('unsupported_parameter', 'logprobs');
  const room = settings.contextLength - prompt.length;
  if (prompt.length === 0) throw new Refusal('invalid_request', 'prompt');
  if (room < 1 || (maxTokens ?? 0) > room) throw new Refusal('context_length_exceeded', room < 1 ? 'messages' : 'max_tokens');
  return {
    prompt, maxTokens: maxTokens ?? room, temperature: request.temperature ?? 1, topP: request.top_p ?? 1, seed: request.seed ?? null,
    presencePenalty: request.presence_penalty ?? 0, frequencyPenalty: request.frequency_penalty ?? 0, logitBias: request.logit_bias ?? {}, ...more,
    cacheScope: settings.cacheScope, signal: settings.signal,
  };
}

export const stopsOf = ({ stop }: Shared): string[] => (typeof stop === 'string' ? [stop] : stop ?? []);
