/**
 * Logins to tokens, whoever makes them. Projects that share a token and its PIN would spend its tries one after the other, and lock it: where the first of them is refused, the others are refused with it,
 * and for a minute afterwards.
 */
import { createHash } from 'node:crypto';
import { clock } from '../../custody/clock.ts';
import { Turns } from '../../custody/turns.ts';
import { ProviderError } from '../provider.ts';

const minute = 60_000;

export class Logins {
  readonly #turns = new Turns();
  readonly #refused = new Map<string, { error: ProviderError; until: number }>();

  /** `at`: the token, and the PIN. @throws ProviderError */
  async take<T>(at: object, login: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(JSON.stringify(at)).digest('hex');
    return await this.#turns.take(name, async () => {
      for (const [each, { until }] of this.#refused) if (until <= clock.now()) this.#refused.delete(each);
      const refused = this.#refused.get(name);
      if (refused) throw refused.error;
      try { return await login(); } catch (error) {
        if (error instanceof ProviderError && error.code === 'denied') this.#refused.set(name, { error, until: clock.now() + minute });
        throw error;
      }
    });
  }
}
