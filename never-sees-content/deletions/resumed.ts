/** Work that is begun once and goes on until it is done: where it failed or the process ended, it is taken up again. Whoever asks for it meanwhile waits for the same run. */
import { events } from '../server/events.ts';

const retryMs = 15_000;

export class Resumed {
  readonly #unfinished: () => Promise<string[]>;
  readonly #finish: (id: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  /** `unfinished`: ids of what was begun. `finish`: does what is left of one. */
  constructor(unfinished: () => Promise<string[]>, finish: (id: string) => Promise<void>) {
    this.#unfinished = unfinished;
    this.#finish = finish;
  }

  /** Finishes what was begun, now and until it works. */
  start(): void {
    const resume = (): void => { this.#resume().catch(() => undefined); };
    resume();
    this.#timer = setInterval(resume, retryMs).unref();
  }

  async #resume(): Promise<void> {
    for (const id of await this.#unfinished()) await this.run(id).catch(() => events.deletionDelayed(id));
  }

  async run(id: string): Promise<void> {
    const running = this.#running.get(id) ?? this.#finish(id).finally(() => this.#running.delete(id));
    this.#running.set(id, running);
    await running;
  }

  close(): void { clearInterval(this.#timer); }
}
