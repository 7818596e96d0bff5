/** Tokens to text as they come. A character whose bytes are spread over tokens is held back until it is whole. */
import type { LlamaModel, Token } from 'node-llama-cpp';

const longestCharacter = 6; // tokens: more than the bytes of any UTF-8 character

export class Detokeniser {
  readonly #model: LlamaModel;
  #before: Token[] = [];
  #pending: Token[] = [];
  constructor(model: LlamaModel) { this.#model = model; }

  push(token: Token): string {
    this.#pending.push(token);
    const text = this.#model.detokenize(this.#pending, false, this.#before);
    if (text.endsWith('\ufffd') && this.#pending.length < longestCharacter) return '';
    this.#before = [...this.#before, ...this.#pending].slice(-longestCharacter);
    this.#pending = [];
    return text;
  }

  flush(): string {
    const text = this.#pending.length > 0 ? this.#model.detokenize(this.#pending, false, this.#before) : '';
    this.#pending = [];
    return text;
  }
}
