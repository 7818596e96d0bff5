/** What an answer used, as the engine says it. Engines differ in what they leave out or set to null; the counts themselves must be there. */
import { GatewayError } from '../gateway-error.ts';

export interface Tokens { prompt: number; cached: number; output: number }

/** More than any answer can use: an engine that says so is broken, and its record would be refused. */
const most = 1_000_000_000;

function count(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > most) throw new GatewayError('engine_failed');
  return value;
}

const fieldsOf = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});

/** `usage`: the member of that name. `output`: whether the answer has any. @throws GatewayError engine_failed */
export function readTokens(usage: unknown, output = true): Tokens {
  const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details } = fieldsOf(usage);
  const tokens = { prompt: count(prompt), output: output ? count(completion) : 0, cached: count(fieldsOf(details)['cached_tokens'] ?? 0) };
  if (tokens.cached > tokens.prompt) throw new GatewayError('engine_failed');
  return tokens;
}

/** The other way: as answers say it. */
export const usageOf = ({ prompt, cached, output }: Tokens): object => ({
  prompt_tokens: prompt, completion_tokens: output, total_tokens: prompt + output, prompt_tokens_details: { cached_tokens: cached },
});
