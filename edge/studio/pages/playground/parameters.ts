/** What a person can set about an answer. Empty fields are left out of the request, so that the deployment's defaults hold. */
import type { ChatRequest } from '../../exchange/exchange.ts';

export interface Parameters { system: string; temperature: string; topP: string; maxTokens: string; seed: string; stop: string; format: 'text' | 'json_object' | 'json_schema'; schema: string; stream: boolean }
export const defaults: Parameters = { system: '', temperature: '', topP: '', maxTokens: '512', seed: '', stop: '', format: 'text', schema: '', stream: true };

const number = (text: string): number | undefined => (text.trim() === '' || Number.isNaN(Number(text)) ? undefined : Number(text));
const without = (fields: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** @throws SyntaxError where the schema is not JSON */
export function requestOf(model: string, parameters: Parameters, turns: readonly { role: 'user' | 'assistant'; content: string }[]): ChatRequest {
  const { system, temperature, topP, maxTokens, seed, stop, format, schema, stream } = parameters;
  const stops = stop.split('\n').filter((line) => line !== '');
  return {
    model, messages: [...(system.trim() === '' ? [] : [{ role: 'system' as const, content: system }]), ...turns],
    ...without({
      temperature: number(temperature), top_p: number(topP), max_tokens: number(maxTokens), seed: number(seed), stop: stops.length === 0 ? undefined : stops, stream: stream ? true : undefined,
      response_format: format === 'text' ? undefined : format === 'json_object' ? { type: 'json_object' } : { type: 'json_schema', json_schema: { name: 'answer', schema: JSON.parse(schema) as unknown, strict: true } },
    }),
  };
}

/** What is wrong with them, by field. */
export function problems({ temperature, topP, maxTokens, seed, format, schema }: Parameters): Partial<Record<keyof Parameters, string>> {
  const found: Partial<Record<keyof Parameters, string>> = {};
  const within = (field: keyof Parameters, text: string, from: number, to: number, whole: boolean): void => {
    const value = Number(text);
    if (text.trim() !== '' && !(value >= from && value <= to && (!whole || Number.isInteger(value)))) found[field] = `${whole ? 'A whole number' : 'A number'} from ${from} to ${to}`;
  };
  within('temperature', temperature, 0, 2, false);
  within('topP', topP, 0.001, 1, false);
  within('maxTokens', maxTokens, 1, 10_000_000, true);
  within('seed', seed, -2_147_483_648, 2_147_483_647, true);
  if (format === 'json_schema') try { JSON.parse(schema); } catch { found.schema = 'This is not JSON'; }
  return found;
}
