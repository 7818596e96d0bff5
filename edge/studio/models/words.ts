/** What the catalog's facts are called. */
import type { AnswerOf } from '../api/call.ts';
import { bytes, count } from '../frame/format.ts';

export type ModelList = AnswerOf<'listModels'>;
export type Summary = ModelList['data'][number];
export type ModelDetail = AnswerOf<'showModel'>;
export type Pull = AnswerOf<'showPull'>;

export const taskNames: Record<Summary['task'], string> = { 'chat-completion': 'Chat', 'text-generation': 'Text generation', embeddings: 'Embeddings' };
export const pullNames: Record<Summary['pull'], string> = { not_pulled: 'Not pulled', pulling: 'Being pulled', pulled: 'On this installation', failed: 'Pull failed' };
export const deployableNames = { true: 'An engine here runs it', false: 'Needs an external engine' } as const;

const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
/** 1,700,000,000 as 1.7 B, the way models are named in every language. */
export function parametersOf(value: number | undefined): string {
  if (value === undefined) return 'not stated';
  return value >= 1e9 ? `${decimal.format(value / 1e9)} B` : `${count(Math.round(value / 1e6))} M`;
}
export const sizeOf = ({ size }: Pick<Summary, 'size'>): string => (size === undefined ? 'not known' : bytes(size));
export const contextOf = (length: number | undefined): string => (length === undefined ? 'not stated' : `${count(length)} tokens`);
export const formatOf = ({ format, manifest }: Pick<ModelDetail, 'format' | 'manifest'>): string => [format === 'gguf' ? 'GGUF' : 'safetensors', manifest.quantisation].filter(Boolean).join(' ');

const names = new Intl.DisplayNames(undefined, { type: 'language' });
export function languagesOf(codes: readonly string[] | undefined): string {
  if (!codes || codes.length === 0) return 'not stated';
  return codes.map((code) => { try { return names.of(code) ?? code; } catch { return code; } }).join(', ');
}

/** In a sentence: what it needs, and whether that is here. */
export function memoryOf({ memory: { neededBytes, availableBytes, fits, basis } }: Pick<ModelDetail, 'memory'>): string {
  if (neededBytes === null) return 'not known before it is pulled';
  const needs = `about ${bytes(neededBytes)}${basis === 'size' ? ', guessed from its size' : ''}`;
  if (fits === null || availableBytes === null) return needs;
  return fits ? `${needs}; ${bytes(availableBytes)} are available` : `${needs}; only ${bytes(availableBytes)} are available`;
}
