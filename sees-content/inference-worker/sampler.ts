/** Sampling from raw logits, for requests that ask for log-probabilities: the engine's own sampler reports them only after its truncation. */
import type { Token } from 'node-llama-cpp';

export interface SamplingOptions { temperature: number; topP: number; presencePenalty: number; frequencyPenalty: number }

/** Deterministic numbers in [0, 1) from a 32-bit seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Chooses among the likeliest tokens. `logits` in descending order. */
export function sample(logits: readonly (readonly [Token, number])[], counts: ReadonlyMap<Token, number>, options: SamplingOptions, random: () => number): Token {
  const adjusted = logits.map(([token, logit]): [Token, number] => {
    const seen = counts.get(token) ?? 0;
    return [token, logit - (seen > 0 ? options.presencePenalty : 0) - seen * options.frequencyPenalty];
  }).sort((a, b) => b[1] - a[1]);
  const [first] = adjusted;
  if (!first) throw new Error('no candidates');
  if (options.temperature === 0) return first[0];
  const weights = adjusted.map(([, logit]) => Math.exp((logit - first[1]) / options.temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let kept = 0;
  let mass = 0;
  do mass += weights[kept++] ?? 0; while (kept < weights.length && mass / total < options.topP);
  let point = random() * mass;
  for (let i = 0; i < kept; i++) {
    point -= weights[i] ?? 0;
    if (point <= 0) return adjusted[i]?.[0] ?? first[0];
  }
  return first[0];
}
