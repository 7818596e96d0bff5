/** What each project's customer-managed key was found to be, and for how long no answer is as good as the last one. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyState } from '#contract/http/encryption.ts';
import { clock } from '../clock.ts';
import { KeyRefused } from '../key-refused.ts';
import { cached } from './unwrapped-keys.ts';

type Found = Exclude<KeyState, 'disabled'>;
/** `at`, `yesAt`: by our clock, of the last finding and of the last permission. `checkedAt`: of the provider's last answer, for people. */
interface Health { state: Found; at: number; yesAt: number; checkedAt: string | null }

/** Milliseconds: how old a finding may be, and how long those who hold keys already wait for a new one. */
const fresh = 500;
const patience = 500;

export class CustomerKeyHealth {
  readonly #health = new Map<string, Health>();
  readonly #denied: (project: string) => void;
  readonly #changed: () => void;

  /** `denied`: called at every denial; `changed`: where a state is not what it was. */
  constructor(denied: (project: string) => void, changed: () => void) {
    this.#denied = denied;
    this.#changed = changed;
  }

  /** Who has refused, and is silent now, has not taken it back. */
  found(project: string, answer: Found): void {
    const before = this.#health.get(project);
    const state = answer === 'unreachable' && before?.state === 'denied' ? 'denied' : answer;
    const now = clock.now();
    const checkedAt = answer === 'unreachable' ? before?.checkedAt ?? null : new Date().toISOString();
    this.#health.set(project, { state, at: now, yesAt: state === 'enabled' ? now : state === 'denied' ? -Infinity : before?.yesAt ?? -Infinity, checkedAt });
    if (state === 'denied') this.#denied(project);
    if (before?.state !== state) this.#changed();
  }

  /** Whoever was not asked yet has not answered. */
  state(project: string): Found { return this.#health.get(project)?.state ?? 'unreachable'; }
  isKnown(project: string): boolean { return this.#health.has(project); }
  checkedAt(project: string): string | null { return this.#health.get(project)?.checkedAt ?? null; }
  isFresh(project: string): boolean { return clock.now() - (this.#health.get(project)?.at ?? -Infinity) < fresh; }

  /** @throws KeyRefused customer_key_denied, customer_key_unreachable where the last permission is older than a minute */
  requireUsable(project: string): void {
    const { state, yesAt } = this.#health.get(project) ?? { state: 'unreachable', yesAt: -Infinity };
    if (state === 'denied') throw new KeyRefused('customer_key_denied');
    if (clock.now() - yesAt >= cached) throw new KeyRefused('customer_key_unreachable');
  }

  async patience(): Promise<void> { await sleep(patience, undefined, { ref: false }); }

  forget(project: string): void { this.#health.delete(project); }
}
