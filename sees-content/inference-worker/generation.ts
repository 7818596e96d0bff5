/** One request in the engine: its prompt, its parameters, and a token a step. */
import { randomInt } from 'node:crypto';
import { LlamaGrammarEvaluationState, TokenBias } from 'node-llama-cpp';
import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import type { Engine } from './engine.ts';
import { randomFrom, sample } from './sampler.ts';

export interface GenerationOptions {
  prompt: Token[];
  /** Most tokens to generate. */
  maxTokens: number;
  temperature: number; topP: number; seed: number | null; presencePenalty: number; frequencyPenalty: number;
  logitBias: Record<string, number>;
  /** GBNF, or null. */
  grammar: string | null;
  /** Number of alternatives to report with log-probabilities, or null for none. */
  topLogprobs: number | null;
  cacheScope: string;
  signal: AbortSignal;
}
export interface TokenLogprobs { token: Token; logprob: number; top: [Token, number][] }
/** A step's outcome: a token, with its log-probabilities where asked for, or the end of the model's own making. */
export type Step = { token: Token; logprobs: TokenLogprobs | null } | 'end';

const topK = 40;
const minP = 0.05;
/** Candidates that the sampling with log-probabilities considers. */
const candidates = 64;

export async function makeStepper(engine: Engine, sequence: LlamaContextSequence, options: GenerationOptions, rest: Token[]): Promise<() => Promise<Step>> {
  return options.topLogprobs === null ? await engineStepper(engine, sequence, options, rest) : logprobStepper(engine.model, sequence, options, rest);
}

const seedOf = ({ seed }: GenerationOptions): number => (seed === null ? randomInt(0x7fffffff) : seed >>> 0);

function biasOf(model: LlamaModel, { logitBias }: GenerationOptions): TokenBias | undefined {
  const entries = Object.entries(logitBias);
  if (entries.length === 0) return undefined;
  const bias = new TokenBias(model.tokenizer);
  for (const [token, logit] of entries) bias.set(Number(token) as Token, { logit });
  return bias;
}

/** The engine samples. */
async function engineStepper({ llama, model }: Engine, sequence: LlamaContextSequence, options: GenerationOptions, rest: Token[]): Promise<() => Promise<Step>> {
  const bias = biasOf(model, options);
  const grammar = options.grammar === null ? undefined
    : new LlamaGrammarEvaluationState({ model, grammar: await llama.createGrammar({ grammar: options.grammar }) });
  const generated: Token[] = [];
  const penalised = options.presencePenalty !== 0 || options.frequencyPenalty !== 0;
  const tokens = sequence.evaluate(rest, {
    temperature: options.temperature, topP: options.topP, topK, minP, seed: seedOf(options),
    ...(grammar ? { grammarEvaluationState: grammar } : {}), ...(bias ? { tokenBias: bias } : {}),
    ...(penalised ? { repeatPenalty: { punishTokens: () => generated, penalty: 1, presencePenalty: options.presencePenalty, frequencyPenalty: options.frequencyPenalty } } : {}),
  });
  return async () => {
    const { value, done } = await tokens.next();
    if (done === true || value === undefined) return 'end';
    generated.push(value);
    return { token: value, logprobs: null };
  };
}

/** We sample, from the raw logits of the likeliest tokens. */
function logprobStepper(model: LlamaModel, sequence: LlamaContextSequence, options: GenerationOptions, rest: Token[]): () => Promise<Step> {
  const random = randomFrom(seedOf(options));
  const counts = new Map<Token, number>();
  const bias = biasOf(model, options);
  let input = rest;
  return async () => {
    const last = input.at(-1);
    if (last === undefined) return 'end';
    const output = await sequence.controlledEvaluate([...input.slice(0, -1), [last, { generateNext: {
      token: false, totalLogitWeight: true, logits: { filter: { tokens: [], includeTop: candidates } },
      options: { temperature: 1, topK: 0, topP: 1, minP: 0, ...(bias ? { tokenBias: bias } : {}) },
    } }]]);
    const next = output.at(-1)?.next;
    const logits = [...(next?.logits ?? new Map<Token, number>())].sort((a, b) => b[1] - a[1]);
    const highest = logits[0]?.[1] ?? 0;
    const normaliser = highest + Math.log(next?.totalLogitWeight ?? 1);
    const token = sample(logits, counts, options, random);
    if (model.isEogToken(token)) return 'end';
    counts.set(token, (counts.get(token) ?? 0) + 1);
    input = [token];
    const logprobOf = (logit: number): number => Math.min(0, logit - normaliser);
    const own = logits.find(([each]) => each === token)?.[1] ?? highest;
    return { token, logprobs: { token, logprob: logprobOf(own), top: logits.slice(0, options.topLogprobs ?? 0).map(([each, logit]) => [each, logprobOf(logit)]) } };
  };
}
