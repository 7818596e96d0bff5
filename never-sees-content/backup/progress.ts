/** What the program says while it works: a JSON line each, which the command line shows to a person. */
import { writeSync } from 'node:fs';

export type Said = { step: string; done: number; total: number } | { result: object } | { error: { code: string; subject: string | null; message: string } };

export function say(said: Said): void {
  try { writeSync(1, `${JSON.stringify(said)}\n`); } catch { /* nobody listens */ }
}

/** Adds up how far a step is, and says so a few times a second at most. */
export class Step {
  readonly #step: string;
  readonly #total: number;
  #done = 0;
  #last = 0;
  constructor(step: string, total: number) { this.#step = step; this.#total = total; }

  readonly add = (amount: number): void => {
    this.#done += amount;
    if (this.#done < this.#total && performance.now() - this.#last < 200) return;
    this.#last = performance.now();
    say({ step: this.#step, done: this.#done, total: this.#total });
  };
}
