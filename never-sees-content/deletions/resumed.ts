/** Work that is begun once and goes on until it is done: where it failed or the process ended, it is taken up again. Whoever asks for it meanwhile waits for the same run. */
import { Lanes } from '../files/lanes.ts';
import { events } from '../server/events.ts';

export interface Begun { id: string; project: string }
const retryMs = 15_000;

export class Resumed {
  readonly #unfinished: () => Promise<Begun[]>;
  readonly #finish: (id: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #lanes = new Lanes();
  #timer: NodeJS.Timeout | undefined;

  /** `unfinished`: what was begun. `finish`: does what is left of one. */
  constructor(unfinished: () => Promise<Begun[]>, finish: (id: string) => Promise<void>) {
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
    for (const { id, project } of await this.#unfinished()) void this.#lanes.take(project, id, () => this.run(id).catch(() => events.deletionDelayed(id)));
  }

  async run(id: string): Promise<void> {
    const running = this.#running.get(id) ?? this.#finish(id).finally(() => this.#running.delete(id));
    this.#running.set(id, running);
    await running;
  }

  close(): void { clearInterval(this.#timer); }
}
