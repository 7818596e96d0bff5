/** A conversation with a deployment, in memory only. */
import type { Message } from '#contract/http/chat-completions.ts';
import { readAnswer } from './answer-stream.ts';
import type { Answer } from './answer-stream.ts';
import { serverError } from './client.ts';
import type { Client } from './client.ts';

export interface Sampling { temperature: number; max_tokens: number | undefined; seed: number | undefined }

export class Conversation {
  readonly #client: Client;
  readonly #deployment: string;
  readonly #sampling: Sampling;
  #system: Message[];
  #messages: Message[] = [];

  constructor(client: Client, deployment: string, sampling: Sampling, system: string | undefined) {
    this.#client = client;
    this.#deployment = deployment;
    this.#sampling = sampling;
    this.#system = system === undefined ? [] : [{ role: 'system', content: system }];
  }

  /** Forgets what was said. */
  reset(): void { this.#messages = []; }

  /** Begins anew with another system text; none where it is empty. */
  instruct(system: string): void {
    this.#system = system === '' ? [] : [{ role: 'system', content: system }];
    this.reset();
  }

  /**
   * Asks, and gives the text as it comes. An answer that is stopped stays in the conversation as far as it was said; a failed
   * question does not. @throws CliError with the server's code; the abort's own error
   */
  async ask(text: string, onText: (piece: string) => void, signal?: AbortSignal): Promise<Answer> {
    const question: Message = { role: 'user', content: text };
    let said = '';
    const keep = (): void => { this.#messages.push(question, { role: 'assistant', content: said }); };
    try {
      const answer = await this.#stream([...this.#system, ...this.#messages, question], (piece) => { said += piece; onText(piece); }, signal);
      keep();
      return answer;
    } catch (error) {
      if (signal?.aborted) keep();
      throw error;
    }
  }

  async #stream(messages: Message[], onText: (piece: string) => void, signal: AbortSignal | undefined): Promise<Answer> {
    const body = { model: this.#deployment, messages, stream: true, stream_options: { include_usage: true }, ...this.#sampling };
    const answer = await this.#client.send('POST', '/v1/chat/completions', body, signal);
    if (answer.statusCode !== 200) throw serverError(answer.statusCode, await answer.body.text());
    return await readAnswer(answer.body, onText);
  }
}
