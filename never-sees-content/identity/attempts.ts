/** Slows down guessing of one account's password, whoever guesses and from wherever. An unknown name is treated as any other. */
import { Refusal } from '../server/refusal.ts';

const free = 5;
const longestMs = 60_000;
const forgottenAfterMs = 15 * 60_000;
/** Names that are remembered; of those that are not slowed now, the one that was tried the longest ago goes first. */
const most = 10_000;

export class Attempts {
  readonly #names = new Map<string, { count: number; last: number; until: number }>();
  readonly #now: () => number;
  constructor(now: () => number = Date.now) { this.#now = now; }

  /** Counts the attempt before it is looked at, so that many at once are no way around. @throws Refusal sign_in_limited */
  begin(name: string): void {
    const now = this.#now();
    const known = this.#names.get(name);
    const entry = known && now - known.last < forgottenAfterMs ? known : { count: 0, last: now, until: 0 };
    if (entry.until > now) throw new Refusal('sign_in_limited', 'name', entry.until - now);
    entry.count++;
    entry.last = now;
    if (entry.count >= free) entry.until = now + Math.min(longestMs, 1000 * 2 ** (entry.count - free));
    this.#names.delete(name);
    this.#names.set(name, entry);
    if (this.#names.size > most) this.#names.delete(this.#leastTold(now));
  }

  /** Trying many names is no way to have one forgotten that is slowed. */
  #leastTold(now: number): string {
    for (const [name, { count, until }] of this.#names) if (count < free || until <= now) return name;
    return this.#names.keys().next().value ?? '';
  }

  succeeded(name: string): void { this.#names.delete(name); }
}
