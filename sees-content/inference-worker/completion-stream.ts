/** From tokens to the answer's parts: text without stop sequences, tool calls, log-probabilities, and why it ended. */
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { z } from 'zod';
import type { CompletionUsage, FinishReason, ToolCall } from '#contract/http/chat-completions.ts';
import { Detokeniser } from './detokeniser.ts';
import type { GenerationOptions, TokenLogprobs } from './generation.ts';
import type { Scheduler } from './scheduler.ts';
import { StopMatcher } from './stop-matcher.ts';
import { closeTag, openTag, parseCall } from './tools.ts';

export interface TokenReport { token: string; bytes: number[]; logprob: number; top: { token: string; bytes: number[]; logprob: number }[] }
export type Part =
  | { type: 'text'; text: string; logprobs: TokenReport[] }
  | { type: 'tool_call'; call: z.output<typeof ToolCall> }
  | { type: 'end'; reason: z.output<typeof FinishReason>; usage: CompletionUsage };
export interface StreamOptions { stops: readonly string[]; /** Whether text between tool tags is a call. */ tools: boolean }

/** Runs a generation; `onPart` is called in order, at last with `end`. Rejects where the engine failed or the caller left. */
export async function generate(scheduler: Scheduler, model: LlamaModel, options: GenerationOptions, { stops, tools }: StreamOptions, onPart: (part: Part) => void): Promise<void> {
  const detokeniser = new Detokeniser(model);
  const matcher = new StopMatcher(stops);
  const calls = tools ? new CallReader(onPart) : undefined;
  const usage = { prompt: 0, cached: 0, output: 0 };
  let reports: TokenReport[] = [];
  const show = (text: string): void => {
    const shown = calls ? calls.push(text) : text;
    if (shown !== '' || reports.length > 0) onPart({ type: 'text', text: shown, logprobs: reports });
    reports = [];
  };
  const reason = await new Promise<'stop' | 'length'>((resolve, reject) => scheduler.submit(options, {
    onStart: ({ promptTokens, cachedTokens }) => { usage.prompt = promptTokens; usage.cached = cachedTokens; },
    onToken: ({ token, logprobs }) => {
      usage.output++;
      if (logprobs) reports.push(report(model, logprobs));
      const { text, stopped } = matcher.push(detokeniser.push(token));
      show(text);
      return stopped ? 'enough' : 'more';
    },
    onEnd: (why) => { const { text } = matcher.push(detokeniser.flush()); show(text + matcher.flush()); resolve(why); },
    onError: reject,
  }));
  const rest = calls?.flush() ?? '';
  if (rest !== '') onPart({ type: 'text', text: rest, logprobs: [] });
  onPart({ type: 'end', reason: calls?.called ? 'tool_calls' : reason, usage: {
    prompt_tokens: usage.prompt, completion_tokens: usage.output, total_tokens: usage.prompt + usage.output, prompt_tokens_details: { cached_tokens: usage.cached },
  } });
}

function report(model: LlamaModel, { token, logprob, top }: TokenLogprobs): TokenReport {
  const one = (each: Token, value: number): TokenReport['top'][number] => { const text = model.detokenize([each], true); return { token: text, bytes: [...Buffer.from(text)], logprob: value }; };
  return { ...one(token, logprob), top: top.map(([each, value]) => one(each, value)) };
}

/** Takes tool calls out of a text. */
class CallReader {
  called = false;
  #inside: string | undefined;
  readonly #matcher = new StopMatcher([openTag]);
  readonly #onPart: (part: Part) => void;
  constructor(onPart: (part: Part) => void) { this.#onPart = onPart; }

  /** @returns the text that is not part of a call. */
  push(text: string): string {
    if (this.#inside !== undefined) {
      this.#inside += text;
      const end = this.#inside.indexOf(closeTag);
      if (end >= 0) {
        const call = parseCall(this.#inside.slice(0, end));
        this.#inside = this.#inside.slice(end + closeTag.length).trim() === '' ? undefined : this.#inside.slice(end + closeTag.length).replace(openTag, '');
        if (call) { this.called = true; this.#onPart({ type: 'tool_call', call }); }
      }
      return '';
    }
    const { text: shown, stopped } = this.#matcher.push(text);
    if (stopped) this.#inside = '';
    return stopped && shown.trim() === '' ? '' : this.called && shown.trim() === '' ? '' : shown;
  }

  /** A call that was begun and not finished is the model's text after all. */
  flush(): string {
    const rest = this.#inside !== undefined && this.#inside.trim() !== '' ? openTag + this.#inside : this.#matcher.flush();
    return this.called && rest.trim() === '' ? '' : rest;
  }
}
