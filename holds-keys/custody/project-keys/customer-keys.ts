/**
 * Customer-managed keys. A project has at most one in use; while data keys are being wrapped anew, the one before is kept. What the provider answers is believed at once:
 * a refusal closes the project, no answer leaves what was unwrapped a moment ago usable for a minute.
 */
import type { z } from 'zod';
import type { CustomerKeyCredential, CustomerKeySettings, KeyState } from '#contract/http/encryption.ts';
import { openProvider } from '../../providers/open-provider.ts';
import { ProviderError } from '../../providers/provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../../providers/provider.ts';
import { KeyRefused } from '../key-refused.ts';
import { Turns } from '../turns.ts';
import { ProviderWrapped } from './customer-key-record.ts';
import type { CustomerKeyRecord } from './customer-key-record.ts';
import { CustomerKeyRecords } from './customer-key-records.ts';
import { CustomerKeyHealth } from './customer-key-health.ts';
import { OpenedProviders } from './opened-providers.ts';
import { newProbe, probeContext, unwrapTwice, wrapAndUnwrap } from './provider-calls.ts';
import { refusalOf, VersionRefused } from './provider-refusal.ts';
import { UnwrappedKeys } from './unwrapped-keys.ts';

/** What a provider is asked about, where that is not the probe. */
interface About { version?: string; wraps?: boolean }

export class CustomerKeys {
  readonly #records: CustomerKeyRecords;
  /** Projects whose keys are destroyed. */
  readonly #ended = new Set<string>();
  readonly #providers: OpenedProviders;
  readonly #health = new CustomerKeyHealth((project) => this.#close(project), () => this.onChange());
  readonly #asking = new Map<string, Promise<void>>();
  readonly #unwrapped = new UnwrappedKeys();
  /** How often a project was closed: an answer from before the last time is not believed. */
  readonly #closings = new Map<string, number>();
  /** Changes of one project's record that wait for its provider. */
  readonly #turns = new Turns();
  /** Called when a state is not what it was. */
  onChange: () => void = () => undefined;

  /** `folder`: of the keys. */
  constructor(folder: string, rootKey: Buffer, open: typeof openProvider = openProvider) {
    this.#providers = new OpenedProviders(rootKey, open);
    this.#records = new CustomerKeyRecords(folder, rootKey);
  }

  projects(): string[] { return this.#records.projects(); }
  /** Projects of which anything is kept, in use or not. */
  known(): string[] { return this.#records.known(); }
  /** Number of the binding in use, or null. @throws KeyRefused key_tampered */
  active(project: string): number | null { return this.#records.of(project)?.active ?? null; }

  /** @throws KeyRefused customer_key_not_set */
  show(project: string): { settings: CustomerKeySettings; state: KeyState; kid: string; checkedAt: string | null; since: string; onDenied: 'keep' | 'stop'; developmentOnly: boolean } {
    const { record, binding } = this.#records.inUse(project);
    return {
      settings: binding.settings, state: this.state(project), kid: record.probe?.kid ?? '', checkedAt: this.#health.checkedAt(project), since: binding.since,
      onDenied: record.onDenied, developmentOnly: binding.settings.provider === 'file',
    };
  }

  /** What was found last. */
  state(project: string): KeyState {
    if (this.#records.isTampered(project)) return 'denied';
    return this.#untampered(project)?.disabled === true ? 'disabled' : this.#health.state(project);
  }

  #untampered(project: string): CustomerKeyRecord | undefined { return this.#records.isTampered(project) ? undefined : this.#records.of(project); }
  onDenied(project: string): 'keep' | 'stop' { return this.#untampered(project)?.onDenied ?? 'keep'; }

  /** Takes a new key into use once it has wrapped and unwrapped. What others wrapped is wrapped anew by `Rotation`. @throws KeyRefused */
  async set(project: string, settings: CustomerKeySettings, credential: CustomerKeyCredential | undefined, onDenied: 'keep' | 'stop'): Promise<void> {
    const closings = this.#closings.get(project);
    await this.#turns.take(project, async () => {
      let provider: KeyProvider | undefined;
      try {
        provider = this.#providers.open(settings, credential ?? {});
        const probe = await newProbe(provider, project);
        this.#take(project, provider, { settings, credential, onDenied, probe }, this.#closings.get(project) !== closings);
      } catch (error) { await provider?.close().catch(() => undefined); throw refusalOf(error); }
    });
  }

  /** What changed while the provider was asked stays changed. `closed`: among it a disabling, which then holds for the new key too. */
  #take(project: string, provider: KeyProvider, { settings, credential, onDenied, probe }: { settings: CustomerKeySettings; credential: CustomerKeyCredential | undefined; onDenied: 'keep' | 'stop'; probe: WrappedKey }, closed: boolean): void {
    if (this.#ended.has(project)) throw new KeyRefused('key_not_found');
    const before = this.#records.of(project);
    const n = Math.max(0, ...(before?.bindings ?? []).map((each) => each.n)) + 1;
    const binding = { n, settings, credential: credential === undefined ? null : this.#providers.sealed(project, n, credential), since: new Date().toISOString() };
    this.#records.save({ format: 'modelkeep/customer-key/1', project, active: n, disabled: closed && before?.disabled === true, onDenied, probe, bindings: [...(before?.bindings ?? []), binding] });
    this.#providers.keep(project, n, provider);
    this.#health.found(project, 'enabled');
    this.onChange();
  }

  /** The layer goes back to the platform's key; the binding stays until nothing is wrapped by it. @throws KeyRefused customer_key_not_set */
  remove(project: string): void {
    const { record } = this.#records.inUse(project);
    this.#records.save({ ...record, active: null, disabled: false, probe: null });
    this.#unwrapped.forgetProject(project);
    this.onChange();
  }

  /** Does not wait for anybody. @throws KeyRefused customer_key_not_set */
  setDisabled(project: string, disabled: boolean): void {
    const { record } = this.#records.inUse(project);
    if (record.disabled === disabled) return;
    this.#records.save({ ...record, disabled });
    if (disabled) this.#close(project);
    this.onChange();
  }

  /** A new version where the provider makes one, and a probe that is wrapped by the newest. @throws KeyRefused */
  async rotate(project: string): Promise<void> {
    await this.#turns.take(project, async () => {
      const { n } = this.#records.inUse(project).binding;
      await this.#rotateAtProvider(project, n);
      this.#probeWith(project, n, await this.#wrapping(project, n, async (provider) => await newProbe(provider, project)));
    });
  }

  /** A provider that does not let us make a version says nothing of the key. */
  async #rotateAtProvider(project: string, n: number): Promise<void> {
    this.#refuseDisabled(project);
    try { await this.#providers.of(project, this.#records.of(project), n).rotate?.(); } catch (error) { throw refusalOf(error); }
  }

  /** The version that wraps now, also where its administrator made it; null where the project has no key of the customer's. @throws KeyRefused */
  async newest(project: string): Promise<string | null> {
    return await this.#turns.take(project, async () => {
      const n = this.active(project);
      if (n === null) return null;
      const probe = await this.#wrapping(project, n, async (provider) => await newProbe(provider, project));
      if (this.#records.of(project)?.probe?.kid !== probe.kid) this.#probeWith(project, n, probe);
      return probe.kid;
    });
  }

  #probeWith(project: string, n: number, probe: WrappedKey): void {
    const record = this.#records.of(project);
    if (record?.active === n) this.#records.save({ ...record, probe });
  }

  /** Bindings that nothing is wrapped by any more are forgotten, their credentials with them. */
  forgetUnused(project: string): void {
    const record = this.#records.of(project);
    if (!record || record.bindings.every(({ n }) => n === record.active)) return;
    for (const { n } of record.bindings) if (n !== record.active) this.#providers.close(project, n);
    if (record.active === null) this.#forget(project); else this.#records.save({ ...record, bindings: record.bindings.filter(({ n }) => n === record.active) });
  }

  #forget(project: string): void {
    this.#records.remove(project);
    this.#health.forget(project);
    this.#unwrapped.forgetProject(project);
  }

  /** Everything of a project, for good. */
  destroy(project: string): void {
    this.#ended.add(project);
    for (const { n } of this.#untampered(project)?.bindings ?? []) this.#providers.close(project, n);
    this.#close(project);
    this.#forget(project);
    this.onChange();
  }

  /** Wraps by the key in use. @returns undefined where the project has none. @throws KeyRefused */
  async wrap(project: string, key: Buffer, context: WrapContext): Promise<{ binding: number; key: z.output<typeof ProviderWrapped> } | undefined> {
    for (;;) {
      const n = this.active(project);
      if (n === null) return undefined;
      try {
        const wrapped = await this.#wrapping(project, n, async (provider) => ProviderWrapped.parse(await wrapAndUnwrap(provider, key, context)));
        this.#unwrapped.remember(context, key);
        return { binding: n, key: wrapped };
      } catch (error) { if (n === this.active(project)) throw error; }
    }
  }

  /** The provider is asked each time. @throws KeyRefused */
  async unwrap(project: string, n: number, wrapped: WrappedKey, context: WrapContext): Promise<Buffer> {
    try {
      const key = await this.#answer(project, n, async (provider) => await unwrapTwice(provider, wrapped, context), { version: wrapped.kid });
      this.#unwrapped.remember(context, key);
      return key;
    } catch (error) {
      if (!(error instanceof KeyRefused && error.code === 'customer_key_unreachable')) this.#unwrapped.forget(context);
      const known = this.#unwrapped.find(context);
      if (known) return known;
      throw error;
    }
  }

  /** A key that wraps no more may still unwrap, and only that tells whether it is denied: it is asked at once. @throws KeyRefused */
  async #wrapping<T>(project: string, n: number, ask: (provider: KeyProvider) => Promise<T>): Promise<T> {
    try { return await this.#answer(project, n, ask, { wraps: true }); } catch (error) {
      if (error instanceof KeyRefused && error.code !== 'customer_key_unreachable') await this.#ask(project);
      throw error;
    }
  }

  /** What a provider says counts unless the project was closed while it thought about it. `about`: what it is asked concerns one version, or wraps. @throws KeyRefused */
  async #answer<T>(project: string, n: number, ask: (provider: KeyProvider) => Promise<T>, about: About = {}): Promise<T> {
    this.#refuseDisabled(project);
    const closings = this.#closings.get(project);
    let answer: T;
    try { answer = await ask(this.#providers.of(project, this.#records.of(project), n)); } catch (error) { throw this.#failed(project, n, error, about); }
    if (this.#closings.get(project) !== closings) {
      if (Buffer.isBuffer(answer)) answer.fill(0);
      throw new KeyRefused('customer_key_denied');
    }
    if (n === this.#untampered(project)?.active) this.#health.found(project, 'enabled');
    return answer;
  }

  #failed(project: string, n: number, error: unknown, { version, wraps }: About): KeyRefused {
    const refusal = refusalOf(error);
    const record = this.#untampered(project);
    const inUse = n === record?.active;
    if (version !== undefined && !(inUse && version === record.probe?.kid) && error instanceof ProviderError && (error.code === 'key_not_found' || error.code === 'disabled')) return new VersionRefused(refusal.code);
    const silent = refusal.code === 'customer_key_unreachable';
    if (inUse && (silent || (!wraps && refusal.code !== 'key_tampered'))) this.#health.found(project, silent ? 'unreachable' : 'denied');
    return refusal;
  }

  #refuseDisabled(project: string): void {
    if (this.#records.of(project)?.disabled === true) throw new KeyRefused('customer_key_denied');
  }

  /** Whether the project's keys may be used at this moment. Asked of the provider, unless it was within half a second. @throws KeyRefused customer_key_denied, customer_key_unreachable */
  async requireUsable(project: string): Promise<void> {
    if (this.active(project) === null) return;
    this.#refuseDisabled(project);
    await this.check(project);
    this.#refuseDisabled(project);
    this.#health.requireUsable(project);
  }

  /** The same for keys that are released already: a provider that is slow is one that has not answered yet. @throws as `requireUsable` */
  async requireStillUsable(project: string): Promise<void> {
    if (this.active(project) === null) return;
    this.#refuseDisabled(project);
    await Promise.race([this.check(project), this.#health.patience()]);
    this.#refuseDisabled(project);
    this.#health.requireUsable(project);
  }

  /** Asks the provider by unwrapping the probe. */
  async check(project: string): Promise<void> {
    if (this.#health.isFresh(project)) return;
    const asking = this.#asking.get(project) ?? this.#ask(project).finally(() => this.#asking.delete(project));
    this.#asking.set(project, asking);
    await asking;
  }

  /** Resolves when each provider was asked once since this process began. */
  async asked(): Promise<void> { await Promise.all(this.projects().filter((project) => !this.#health.isKnown(project)).map(async (project) => await this.check(project))); }

  async #ask(project: string): Promise<void> {
    const record = this.#untampered(project);
    const { active, probe, disabled } = record ?? { active: null, probe: null, disabled: false };
    if (active === null || !probe || disabled) return;
    // Every failure but a missing answer is a denial: a probe that opens no more was wrapped by a key that is there no more.
    try { (await this.#answer(project, active, async (provider) => await unwrapTwice(provider, probe, probeContext(project)))).fill(0); } catch (error) {
      if (error instanceof KeyRefused && error.code === 'key_tampered' && active === this.#untampered(project)?.active) this.#health.found(project, 'denied');
    }
  }

  #close(project: string): void {
    this.#closings.set(project, (this.#closings.get(project) ?? 0) + 1);
    this.#unwrapped.forgetProject(project);
  }

  /** An object's keys are destroyed. */
  forgetKey(project: string, object: string): void { this.#unwrapped.forgetObject(project, object); }
  /** Keys that were unwrapped too long ago. */
  sweep(): void { this.#unwrapped.sweep(); }
  forgetAll(): void { this.#unwrapped.forgetAll(); }
}
