/** A streamed chat answer: text as it comes, then what was used. */
import type { Readable } from 'node:stream';
import type { ChatCompletionChunk, CompletionUsage } from '#contract/http/chat-completions.ts';
import { serverError } from './client.ts';
import { CliError } from './exit-codes.ts';

/** `seconds`: from the first token to the end. `cut`: it ended at the limit of tokens. */
export interface Answer { text: string; usage: CompletionUsage | undefined; seconds: number; cut: boolean }

const broken = (): CliError => new CliError('answer_broken', 'The answer broke off.');

/** The data of each server-sent event. */
async function* events(body: Readable): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of body as AsyncIterable<Buffer>) {
    rest += decoder.decode(chunk, { stream: true });
    const frames = rest.split(/\r?\n\r?\n/);
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const data = frame.split(/\r?\n/).filter((each) => each.startsWith('data:')).map((each) => each.slice(5).trimStart()).join('\n');
      if (data !== '') yield data;
    }
  }
}

function parseChunk(data: string): ChatCompletionChunk {
  let value: ChatCompletionChunk & { error?: unknown };
  try { value = JSON.parse(data) as typeof value; } catch { throw broken(); }
  if (value.error !== undefined) throw serverError(500, data);
  return value;
}

/** @throws CliError where the stream brings an error or breaks off; what the body was destroyed with */
export async function readAnswer(body: Readable, onText: (text: string) => void): Promise<Answer> {
  const answer: Answer = { text: '', usage: undefined, seconds: 0, cut: false };
  let done = false;
  let first: number | undefined;
  for await (const data of events(body)) {
    if (data === '[DONE]') { done = true; continue; }
    const chunk = parseChunk(data);
    const choice = chunk.choices[0];
    answer.usage = chunk.usage ?? answer.usage;
    answer.cut ||= choice?.finish_reason === 'length';
    const piece = choice?.delta.content ?? '';
    if (piece !== '') { first ??= performance.now(); answer.text += piece; onText(piece); }
  }
  if (!done) throw broken();
  if (first !== undefined) answer.seconds = (performance.now() - first) / 1000;
  return answer;
}
