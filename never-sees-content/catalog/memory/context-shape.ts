/** What the head of a GGUF file says about the memory of its context. */
import { checkGguf } from '../formats/check-gguf.ts';
import type { GgufValue } from '../formats/check-gguf.ts';

export interface ContextShape {
  /** Bytes that the KV cache takes for one token, keys and values of all layers in 16 bits each. */
  perToken: number;
  /** Words of the vocabulary. */
  vocabulary: number;
}

/** Undefined where the file does not say, or is not there. A model with a sliding window needs less than this. */
export function contextShape(path: string): ContextShape | undefined {
  const values = new Map<string, GgufValue>();
  let architecture: string;
  try { ({ architecture } = checkGguf(path, (key, value) => { if (typeof value !== 'string') values.set(key, value); })); } catch { return undefined; }
  const value = (name: string): GgufValue => values.get(`${architecture}.${name}`);
  const [layers, width, heads] = [value('block_count'), value('embedding_length'), value('attention.head_count')];
  if (typeof layers !== 'number' || typeof width !== 'number' || typeof heads !== 'number' || heads === 0) return undefined;
  const keyHeads = value('attention.head_count_kv') ?? heads;
  const size = (name: string): number => { const length = value(name); return typeof length === 'number' ? length : width / heads; };
  const tokens = values.get('tokenizer.ggml.tokens');
  return {
    perToken: (typeof keyHeads === 'object' ? keyHeads.sum : Number(keyHeads) * layers) * (size('attention.key_length') + size('attention.value_length')) * 2,
    vocabulary: typeof tokens === 'object' ? tokens.length : 0,
  };
}
