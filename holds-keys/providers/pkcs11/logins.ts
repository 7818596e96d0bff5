/**
 * Logins to tokens, whoever makes them. Projects that share a token and its PIN would spend its tries one after the other, and lock it: where the first of them is refused, the others are refused with it,
 * and for a minute afterwards.
 */
import { createHash } from 'node:crypto';
import { clock } from '../../custody/clock.ts';
import { ProviderError } from '../provider.ts';

const minute = 60_000;

export class Logins {
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #refused = new Map<string, { error: ProviderError; until: number }>();

  /** `at`: the token, and the PIN. @throws ProviderError */
  async take<T>(at: object, login: () => Promise<T>): Promise<T> {
    const name = createHash('sha256').update(JSON.stringify(at)).digest('hex');
    const before = this.#underWay.get(name);
    if (before) await before.catch(() => undefined);
    for (const [each, { until }] of this.#refused) if (until <= clock.now()) this.#refused.delete(each);
    const refused = this.#refused.get(name);
    if (refused) throw refused.error;
    const mine = login().catch((error: unknown) => {
      if (error instanceof ProviderError && error.code === 'denied') this.#refused.set(name, { error, until: clock.now() + minute });
      throw error;
    });
    this.#underWay.set(name, mine);
    try { return await mine; } finally { if (this.#underWay.get(name) === mine) this.#underWay.delete(name); }
  }
}
