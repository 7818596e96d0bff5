/**
 * Steps all active requests together, so that the engine always works on a full batch, and feeds at most one piece of one waiting prompt a step, so that a
 * long prompt does not hold up the others. Requests come and go between steps; a request that is aborted is gone within one step.
 */
import type { Token } from 'node-llama-cpp';
import type { Engine } from './engine.ts';
import { makeStepper } from './generation.ts';
import type { GenerationOptions, Step } from './generation.ts';
import type { Slot, Slots } from './slots.ts';

const pieceTokens = 128;

export interface Started { promptTokens: number; cachedTokens: number }
/** What the receiver wants next. */
export type Wish = 'more' | 'enough';

export interface Receiver {
  onStart(started: Started): void;
  onToken(step: Exclude<Step, 'end'>): Wish;
  /** `stop`: the model ended, or the receiver had enough; `length`: the limit was reached. */
  onEnd(reason: 'stop' | 'length'): void;
  onError(error: unknown): void;
}
interface Job { options: GenerationOptions; receiver: Receiver; slot: Slot | undefined; rest: Token[]; next: (() => Promise<Step>) | undefined; generated: number }

export class Scheduler {
  readonly #engine: Engine;
  readonly #slots: Slots;
  readonly #waiting: Job[] = [];
  #active: Job[] = [];
  #running = false;

  constructor(engine: Engine, slots: Slots) {
    this.#engine = engine;
    this.#slots = slots;
  }

  get active(): number { return this.#active.length; }
  get waiting(): number { return this.#waiting.length; }

  submit(options: GenerationOptions, receiver: Receiver): void {
    this.#waiting.push({ options, receiver, slot: undefined, rest: [], next: undefined, generated: 0 });
    if (!this.#running) void this.#run().catch(() => process.exit(1));
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0 || this.#active.length > 0) {
      await this.#admit();
      const feeding = this.#active.find((job) => job.next === undefined);
      const work = this.#active.filter((job) => job.next !== undefined).map((job) => this.#step(job));
      if (feeding) work.push(this.#feed(feeding));
      const ended = (await Promise.all(work)).filter((job) => job !== undefined);
      this.#active = this.#active.filter((job) => !ended.includes(job));
    }
    this.#running = false;
  }

  async #admit(): Promise<void> {
    while (this.#waiting.length > 0 && this.#slots.free) {
      const job = this.#waiting.shift();
      if (!job || job.options.signal.aborted) { job?.receiver.onError(new Error('aborted')); continue; }
      try {
        const { slot, cached } = await this.#slots.take(job.options.cacheScope, job.options.prompt);
        job.slot = slot;
        job.rest = job.options.prompt.slice(cached);
        job.receiver.onStart({ promptTokens: job.options.prompt.length, cachedTokens: cached });
        this.#active.push(job);
      } catch (error) { await this.#finish(job, () => job.receiver.onError(error), true); }
    }
  }

  /** Evaluates a piece of a prompt; the last piece is left for the first step, which generates from it. */
  async #feed(job: Job): Promise<Job | undefined> {
    if (job.options.signal.aborted) return await this.#finish(job, () => job.receiver.onError(new Error('aborted')), true);
    try {
      const sequence = job.slot?.sequence;
      if (!sequence) throw new Error('no place');
      if (job.rest.length <= pieceTokens) {
        job.next = await makeStepper(this.#engine, sequence, job.options, job.rest);
        return await this.#step(job);
      }
      await sequence.evaluateWithoutGeneratingNewTokens(job.rest.slice(0, pieceTokens));
      job.rest = job.rest.slice(pieceTokens);
      return undefined;
    } catch (error) { return await this.#finish(job, () => job.receiver.onError(error), true); }
  }

  /** @returns the job if it ended. */
  async #step(job: Job): Promise<Job | undefined> {
    const { options, receiver } = job;
    if (options.signal.aborted) return await this.#finish(job, () => receiver.onError(new Error('aborted')), true);
    try {
      const step = await job.next?.() ?? 'end';
      if (step === 'end') return await this.#finish(job, () => receiver.onEnd('stop'), false);
      job.generated++;
      if (receiver.onToken(step) === 'enough') return await this.#finish(job, () => receiver.onEnd('stop'), false);
      if (job.generated >= options.maxTokens) return await this.#finish(job, () => receiver.onEnd('length'), false);
      return undefined;
    } catch (error) { return await this.#finish(job, () => receiver.onError(error), true); }
  }

  async #finish(job: Job, tell: () => void, broken: boolean): Promise<Job> {
    tell();
    if (job.slot) await this.#slots.release(job.slot, broken);
    return job;
  }
}
