/** A streamed chat answer: text as it comes, then what was used. */
import type { Readable } from 'node:stream';
import type { ChatCompletionChunk, CompletionUsage } from '#contract/http/chat-completions.ts';
import { serverError } from './client.ts';
import { CliError } from './exit-codes.ts';

export interface Answer { text: string; usage: CompletionUsage | undefined; seconds: number }

/** @throws CliError where the stream brings an error or breaks off. */
export async function readAnswer(body: Readable, onText: (text: string) => void): Promise<Answer> {
  let rest = '';
  let text = '';
  let usage: CompletionUsage | undefined;
  let done = false;
  let first: number | undefined;
  const decoder = new TextDecoder();
  for await (const chunk of body as AsyncIterable<Buffer>) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const data = frame.split('\n').filter((each) => each.startsWith('data:')).map((each) => each.slice(5).trim()).join('\n');
      if (data === '[DONE]') { done = true; continue; }
      if (data === '') continue;
      const value = JSON.parse(data) as ChatCompletionChunk & { error?: unknown };
      if (value.error !== undefined) throw serverError(500, data);
      usage = value.usage ?? usage;
      const piece = value.choices[0]?.delta.content ?? '';
      if (piece !== '') { first ??= performance.now(); text += piece; onText(piece); }
    }
  }
  if (!done) throw new CliError('answer_broken', 'The answer broke off.');
  return { text, usage, seconds: first === undefined ? 0 : (performance.now() - first) / 1000 };
}
