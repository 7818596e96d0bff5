/** What the audit's own engine answers: OpenAI's shapes, with a canary in the place of the model's words. */
const head = { id: 'audit', created: 1_700_000_000, model: 'audit' };
const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 };

const frame = (value: object | string): string => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;

/** Undefined for a path that this engine does not know. */
export function wholeAnswer(path: string, words: string, inputs: number): object | undefined {
  const choice = { index: 0, finish_reason: 'stop', logprobs: null };
  if (path.endsWith('/chat/completions')) return { ...head, object: 'chat.completion', choices: [{ ...choice, message: { role: 'assistant', content: words } }], usage };
  if (path.endsWith('/completions')) return { ...head, object: 'text_completion', choices: [{ ...choice, text: words }], usage };
  if (path.endsWith('/embeddings')) return { object: 'list', model: 'audit', data: Array.from({ length: inputs }, (_, index) => ({ object: 'embedding', index, embedding: [1, 0, 0.5] })), usage };
  return undefined;
}

export interface Stream { opening: string; word(text: string): string; end: string }

/** Undefined for a path on which this engine does not stream. */
export function streamOf(path: string): Stream | undefined {
  const chat = path.endsWith('/chat/completions');
  if (!chat && !path.endsWith('/completions')) return undefined;
  const choice = (text: string, finish: string | null): object => (chat
    ? { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: finish === null ? { content: text } : {}, finish_reason: finish }] }
    : { ...head, object: 'text_completion', choices: [{ index: 0, text, finish_reason: finish, logprobs: null }] });
  return {
    opening: chat ? frame({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }) : '',
    word: (text) => frame(choice(text, null)),
    end: `${frame(choice('', 'stop'))}${frame({ ...head, object: 'chat.completion.chunk', choices: [], usage })}${frame('[DONE]')}`,
  };
}
