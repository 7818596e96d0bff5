/** POST /v1/completions */
import type { Token } from 'node-llama-cpp';
import type { Completion, CompletionChunk, CompletionRequest } from '#contract/http/completions.ts';
import type { RequestContext } from './chat-completion.ts';
import { generate } from './completion-stream.ts';
import type { TokenReport } from './completion-stream.ts';
import type { Loaded } from './loaded.ts';
import { Refusal } from './refusal.ts';
import type { Reply } from './reply.ts';
import { generationOptions, stopsOf } from './sampling.ts';

type Choice = Completion['choices'][number];

function promptTokens({ engine: { model } }: Loaded, prompt: CompletionRequest['prompt']): Token[] {
  const text = typeof prompt === 'string' ? prompt : typeof prompt[0] === 'string' ? prompt[0] : undefined;
  if (text === undefined) {
    const tokens = prompt as Token[];
    if (tokens.some((token) => model.detokenize([token], true) === '' && !model.isSpecialToken(token))) throw new Refusal('invalid_request', 'prompt');
    return tokens;
  }
  const bos = model.tokens.shouldPrependBosToken && model.tokens.bos !== null ? [model.tokens.bos] : [];
  return [...bos, ...model.tokenize(text, false)];
}

function logprobsOf(reports: TokenReport[], offset: number): NonNullable<Choice['logprobs']> {
  let at = offset;
  const offsets = reports.map(({ token }) => { const here = at; at += token.length; return here; });
  return { tokens: reports.map(({ token }) => token), token_logprobs: reports.map(({ logprob }) => logprob), text_offset: offsets,
    top_logprobs: reports.map(({ top }) => Object.fromEntries(top.map(({ token, logprob }) => [token, logprob]))) };
}

export async function completion(loaded: Loaded, request: CompletionRequest, context: RequestContext, reply: Reply): Promise<void> {
  const topLogprobs = request.logprobs ?? null;
  const options = generationOptions(request, promptTokens(loaded, request.prompt), request.max_tokens ?? 16, { grammar: null, topLogprobs }, { contextLength: loaded.slots.contextLength, ...context });
  const head = { id: `cmpl-${context.id}`, object: 'text_completion' as const, created: Math.floor(Date.now() / 1000), model: request.model ?? '' };
  let text = '';
  const reports: TokenReport[] = [];
  const choice = (part: string, from: TokenReport[], finish: Choice['finish_reason'], offset: number): Choice =>
    ({ index: 0, text: part, finish_reason: finish, logprobs: topLogprobs === null ? null : logprobsOf(from, offset) });
  await generate(loaded.scheduler, loaded.engine.model, options, { stops: stopsOf(request), tools: false }, (part) => {
    if (part.type === 'text') {
      if (request.stream === true) reply.event({ ...head, choices: [choice(part.text, part.logprobs, null, text.length)] } satisfies CompletionChunk);
      text += part.text;
      reports.push(...part.logprobs);
    } else if (part.type === 'end') {
      if (request.stream !== true) { reply.document({ ...head, choices: [choice(text, reports, part.reason, 0)], usage: part.usage } satisfies Completion); return; }
      reply.event({ ...head, choices: [choice('', [], part.reason, text.length)] } satisfies CompletionChunk);
      reply.event({ ...head, choices: [], usage: part.usage } satisfies CompletionChunk);
      reply.event('[DONE]');
      reply.end();
    }
  });
}
