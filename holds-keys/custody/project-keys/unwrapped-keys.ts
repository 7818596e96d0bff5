/** Customer layer's keys of objects that a provider unwrapped a moment ago, for the minute in which it may be unreachable. At most a thousand; what is forgotten is wiped. */
import type { WrapContext } from '../../providers/provider.ts';
import { clock } from '../clock.ts';
import { keyMemory } from '../memory.ts';

/** Milliseconds. */
export const cached = 60_000;
const mostCached = 1000;

export class UnwrappedKeys {
  /** By the context, oldest first. */
  readonly #keys = new Map<string, { context: WrapContext; key: Buffer; until: number }>();

  /** Keeps a copy. */
  remember(context: WrapContext, key: Buffer): void {
    const name = JSON.stringify(context);
    this.#forget(name);
    this.#keys.set(name, { context, key: keyMemory.keep(Buffer.from(key)), until: clock.now() + cached });
    this.sweep();
  }

  /** @returns a copy */
  find(context: WrapContext): Buffer | undefined {
    this.sweep();
    const known = this.#keys.get(JSON.stringify(context));
    return known && Buffer.from(known.key);
  }

  forget(context: WrapContext): void { this.#forget(JSON.stringify(context)); }
  forgetObject(project: string, object: string): void { this.#forgetWhere((context) => context['project'] === project && context['object'] === object); }
  forgetProject(project: string): void { this.#forgetWhere((context) => context['project'] === project); }
  forgetAll(): void { this.#forgetWhere(() => true); }

  /** What is older than it may be. Called every now and then, so that no key stays because nobody came after it. */
  sweep(): void {
    for (const [name, { until }] of this.#keys) {
      if (until > clock.now() && this.#keys.size <= mostCached) return;
      this.#forget(name);
    }
  }

  #forgetWhere(is: (context: WrapContext) => boolean): void { for (const [name, { context }] of this.#keys) if (is(context)) this.#forget(name); }

  #forget(name: string): void {
    const known = this.#keys.get(name);
    if (known) keyMemory.wipe(known.key);
    this.#keys.delete(name);
  }
}
