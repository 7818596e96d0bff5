/**
 * The places of the context. A place keeps the state of the last request that it served, for the next one of the same cache scope only: before a token of another
 * scope is evaluated, everything in it is cleared. After a while without work the whole context is given back and made anew, so that no state lingers.
 */
import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';

export interface Slot { sequence: LlamaContextSequence; scope: string | null; busy: boolean; usedAt: number }
export interface SlotOptions { sequences: number; contextLength: number; threads: number; idleMs: number }

/** Never move the window silently: a request that outgrows its context ends as `length`. */
const contextShift = { strategy: (): never => { throw new Error('context full'); } };

export class Slots {
  readonly #model: LlamaModel;
  readonly #options: SlotOptions;
  #context: LlamaContext | undefined;
  #slots: Slot[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(model: LlamaModel, options: SlotOptions) {
    this.#model = model;
    this.#options = options;
  }

  async open(): Promise<void> {
    const { sequences, contextLength, threads } = this.#options;
    const context = await this.#model.createContext({ sequences, contextSize: contextLength, threads, failedCreationRemedy: false });
    this.#context = context;
    this.#slots = Array.from({ length: sequences }, () => ({ sequence: context.getSequence({ contextShift }), scope: null, busy: false, usedAt: 0 }));
  }

  get contextLength(): number { return this.#options.contextLength; }
  get free(): boolean { return this.#context === undefined || this.#slots.some((slot) => !slot.busy); }
  get busy(): number { return this.#slots.filter((slot) => slot.busy).length; }

  /** A free place for a prompt of a scope, and how many of its tokens are there already. The last token is always evaluated again. */
  async take(scope: string, prompt: readonly Token[]): Promise<{ slot: Slot; cached: number }> {
    clearTimeout(this.#idle);
    if (!this.#context) await this.open();
    const free = this.#slots.filter((slot) => !slot.busy);
    const known = (slot: Slot): number => (slot.scope === scope ? common(slot.sequence.contextTokens, prompt) : 0);
    const slot = free.filter((each) => each.scope === scope).sort((a, b) => known(b) - known(a) || a.usedAt - b.usedAt)[0];
    const chosen = slot && known(slot) > 0 ? slot : free.find((each) => each.scope === null) ?? slot ?? free.sort((a, b) => a.usedAt - b.usedAt)[0];
    if (!chosen) throw new Error('no free place');
    chosen.busy = true;
    if (chosen.scope !== scope) {
      await chosen.sequence.clearHistory();
      chosen.scope = scope;
    }
    await chosen.sequence.adaptStateToTokens(prompt.slice(0, -1), false);
    return { slot: chosen, cached: chosen.sequence.nextTokenIndex };
  }

  /** Gives a place back; its state stays for its scope. `broken`: nothing is known of its state, so it goes. */
  async release(slot: Slot, broken: boolean): Promise<void> {
    if (broken) {
      slot.scope = null;
      await slot.sequence.clearHistory().catch(() => undefined);
    }
    slot.busy = false;
    slot.usedAt = performance.now();
    clearTimeout(this.#idle);
    if (this.busy === 0) this.#idle = setTimeout(() => { void this.forget().catch(() => process.exit(1)); }, this.#options.idleMs);
  }

  /** Gives the context's memory back. Clearing a place does not overwrite it; this does away with the pages. */
  async forget(): Promise<void> {
    if (this.busy > 0) return;
    const context = this.#context;
    this.#context = undefined;
    this.#slots = [];
    await context?.dispose();
  }
}

function common(a: readonly Token[], b: readonly Token[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
