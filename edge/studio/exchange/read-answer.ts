/** Reads the body of an answer: its very bytes, and what they say as far as it can be understood. Bytes that say nothing are kept all the same, for the receipt to be checked against. */
import type { CompletionUsage } from '#contract/http/chat-completions.ts';
import { EventStream } from './event-stream.ts';

export interface ReadAnswer {
  received: Uint8Array;
  /** From the start of reading's clock; null where nothing came. */
  firstMs: number | null;
  usage: CompletionUsage | null;
  finish: string | null;
  /** An error that the server told in the middle of a stream. */
  error: { code: string; message: string } | null;
  /** Whole: the connection was not cut before the end. */
  ended: boolean;
  /** A part of it was not what the API answers. */
  unreadable: boolean;
}
/** Takes the data of an event, or a whole body, into what was read. @throws SyntaxError, TypeError for what is not of the API */
export type Take = (answer: ReadAnswer, data: string) => void;

/** Never rejects: a connection that is cut is told by `ended`. `since`: when the request was sent. */
export async function readAnswer(body: ReadableStream<Uint8Array> | null, { streamed, take, since }: { streamed: boolean; take: Take; since: number }): Promise<ReadAnswer> {
  const answer: ReadAnswer = { received: new Uint8Array(), firstMs: null, usage: null, finish: null, error: null, ended: true, unreadable: false };
  const understood = (data: string): void => { try { take(answer, data); } catch { answer.unreadable = true; } };
  const events = new EventStream();
  const pieces: Uint8Array[] = [];
  try {
    const reader = body?.getReader();
    for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
      pieces.push(next.value);
      answer.firstMs ??= performance.now() - since;
      if (streamed) events.push(next.value).forEach(understood);
    }
  } catch { answer.ended = false; }
  answer.received = joined(pieces);
  if (!streamed && answer.ended) understood(new TextDecoder().decode(answer.received));
  return answer;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) { whole.set(piece, at); at += piece.length; }
  return whole;
}

interface Chunk { choices?: { delta?: { content?: string | null }; finish_reason?: string | null }[]; usage?: CompletionUsage | null; error?: { message: string; code: string } }
interface Whole { choices: { message: { content: string | null }; finish_reason: string }[]; usage?: CompletionUsage }

/** Events of a streamed chat completion. */
export const takeChunk = (onText: (piece: string) => void): Take => (answer, data) => {
  if (data === '[DONE]') return;
  const { choices: [choice] = [], usage, error } = JSON.parse(data) as Chunk;
  answer.usage = usage ?? answer.usage;
  answer.finish = choice?.finish_reason ?? answer.finish;
  if (choice?.delta?.content) onText(choice.delta.content);
  if (error) answer.error = error;
};

export const takeWhole = (onText: (text: string) => void): Take => (answer, data) => {
  const { choices: [choice], usage } = JSON.parse(data) as Whole;
  answer.usage = usage ?? null;
  answer.finish = choice?.finish_reason ?? null;
  onText(choice?.message.content ?? '');
};

/** Vectors in the order of the texts. */
export const takeVectors = (onVectors: (vectors: number[][]) => void): Take => (answer, data) => {
  const { data: rows, usage } = JSON.parse(data) as { data: { index: number; embedding: number[] }[]; usage: CompletionUsage };
  answer.usage = usage;
  onVectors(rows.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding));
};
