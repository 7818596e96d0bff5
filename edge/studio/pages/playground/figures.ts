/** What is told of an answer beside its text. */
import { count, duration } from '../../frame/format.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { summaryOf } from '../../receipt/summary.ts';
import type { Turn } from './use-conversation.ts';

/** Shorter than this a rate means nothing. */
const leastSeconds = 0.02;

/** `json`: the answer, where JSON was asked for. */
export function figuresOf({ usage, streamed, firstMs, totalMs, finish, stopped, whole }: Exchange, json?: string): string {
  // Without streaming only the whole time is known, so the rate is over all of it.
  const seconds = (totalMs - (streamed ? firstMs ?? 0 : 0)) / 1000;
  return [
    usage ? `${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out` : undefined,
    firstMs === null || !streamed ? undefined : `first token after ${duration(firstMs)}`, whole ? `whole answer ${duration(totalMs)}` : `ended after ${duration(totalMs)}`,
    usage && usage.completion_tokens > 1 && seconds > leastSeconds ? `${(usage.completion_tokens / seconds).toFixed(1)} tokens per second` : undefined,
    json === undefined ? undefined : isJson(json) ? 'valid JSON' : 'not valid JSON', stopped ? 'stopped by you' : finish === 'length' ? 'cut at the most tokens' : finish === 'stop' || finish === null ? undefined : finish,
  ].filter((word) => word !== undefined).join(' · ');
}

function isJson(text: string): boolean {
  try { JSON.parse(text); return true; } catch { return false; }
}

/** For a screen reader: once the answer is there, and once its receipt is checked; never word by word. Errors announce themselves. */
export function announcementOf(turn: Turn | undefined): string {
  if (!turn?.exchange || turn.error) return '';
  const { exchange: { stopped, whole }, checked } = turn;
  return `${stopped ? 'Answer stopped.' : 'Answer complete.'}${checked ? ` ${summaryOf(checked, !whole).line}.` : ''}`;
}
