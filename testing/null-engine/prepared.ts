/** What the null engine says, made once: it should cost next to nothing beside what is measured. */
const head = { id: 'null-1', created: 1_700_000_000, model: 'null' };
const frame = (value: object | string): Buffer => Buffer.from(`data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`);
const chatFrame = (delta: object, finish: string | null): Buffer => frame({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
const textFrame = (text: string, finish: string | null): Buffer => frame({ ...head, object: 'text_completion', choices: [{ index: 0, text, finish_reason: finish, logprobs: null }] });

const distinct = 32;
/** The n-th word of every answer. */
export const word = (n: number): string => ` word${n % distinct}`;
const each = (make: (text: string) => Buffer): Buffer[] => Array.from({ length: distinct }, (_, n) => make(word(n)));

export interface Prepared { opening: Buffer | undefined; words: Buffer[]; last: Buffer }
export const chat: Prepared = { opening: chatFrame({ role: 'assistant', content: '' }, null), words: each((content) => chatFrame({ content }, null)), last: chatFrame({}, 'stop') };
export const text: Prepared = { opening: undefined, words: each((words) => textFrame(words, null)), last: textFrame('', 'stop') };
export const done = frame('[DONE]');
export const errorFrame = frame({ error: { message: 'a message that quotes its input', code: 500 } });

export const promptTokens = 7;
export const usageOf = (output: number): object => ({ prompt_tokens: promptTokens, completion_tokens: output, total_tokens: promptTokens + output });
export const usageFrame = (usage: object): Buffer => frame({ ...head, object: 'chat.completion.chunk', choices: [], usage });

/** An answer in one piece. As some servers do, it says null for what it does not know. */
export function whole(isChat: boolean, count: number, usage: object): object {
  const content = Array.from({ length: count }, (_, n) => word(n)).join('');
  const said = isChat ? { message: { role: 'assistant', content, refusal: null } } : { text: content };
  return { ...head, object: isChat ? 'chat.completion' : 'text_completion', choices: [{ index: 0, finish_reason: 'stop', logprobs: null, ...said }], usage: { ...usage, prompt_tokens_details: null } };
}
export const embeddings = (inputs: number): object => ({
  object: 'list', model: 'null', data: Array.from({ length: inputs }, (_, index) => ({ object: 'embedding', index, embedding: [1, 0, 0.5, -0.25] })), usage: { prompt_tokens: inputs, total_tokens: inputs },
});
