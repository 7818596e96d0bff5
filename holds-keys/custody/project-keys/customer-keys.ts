/**
 * Customer-managed keys. A project has at most one in use; while data keys are being wrapped anew, the one before is kept. What the provider answers is believed at once:
 * a refusal closes the project, no answer leaves what was unwrapped a moment ago usable for a minute.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { CustomerKeyCredential, CustomerKeySettings } from '#contract/http/encryption.ts';
import type { KeyState } from '#contract/http/encryption.ts';
import { ProjectId, Time } from '#contract/names.ts';
import { openProvider } from '../../providers/open-provider.ts';
import { ProviderError } from '../../providers/provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../../providers/provider.ts';
import { events } from '../events.ts';
import { KeyRefused } from '../key-refused.ts';
import { readRecord, recordsIn, removeRecord, writeRecord } from '../records.ts';
import { releaseKey } from '../release-key.ts';
import { unwrap, wrap, Wrapped } from '../wrapping.ts';

export const ProviderWrapped = z.strictObject({ kid: z.string().max(1000), alg: z.string().max(100), ciphertext: z.base64().max(8192), iv: z.base64().exactOptional(), tag: z.base64().exactOptional() });
const Binding = z.strictObject({ n: z.int().min(1), settings: CustomerKeySettings, credential: Wrapped.nullable(), since: Time });
const CustomerKeyRecord = z.strictObject({
  format: z.literal('modelkeep/customer-key/1'), project: ProjectId, bindings: z.array(Binding), active: z.int().nullable(), disabled: z.boolean(), onDenied: z.enum(['keep', 'stop']),
  /** A key that protects nothing, wrapped by the newest version: unwrapping it is how health is asked. */
  probe: ProviderWrapped.nullable(),
});
type CustomerKeyRecord = z.output<typeof CustomerKeyRecord>;
type Binding = z.output<typeof Binding>;

/** Milliseconds. How old an answer of the provider may be where no key is asked for, and how long an unwrapped key outlives a provider that does not answer. */
const fresh = 500;
const cached = 60_000;
const mostCached = 1000;

const refusals = { denied: 'customer_key_denied', disabled: 'customer_key_denied', key_not_found: 'customer_key_denied', unreachable: 'customer_key_unreachable', tampered: 'key_tampered', misconfigured: 'customer_key_misconfigured' } as const;
export const refusalOf = (error: unknown): KeyRefused => (error instanceof KeyRefused ? error : new KeyRefused(error instanceof ProviderError ? refusals[error.code] : 'customer_key_unreachable'));

interface Health { state: Exclude<KeyState, 'disabled'>; checkedAt: string | null; at: number }

export class CustomerKeys {
  readonly #folder: string;
  readonly #under: Buffer;
  readonly #records = new Map<string, CustomerKeyRecord>();
  /** Projects whose record is not what was written: closed, as nobody knows whose key it was. The others go on. */
  readonly #unreadable = new Set<string>();
  readonly #providers = new Map<string, KeyProvider>();
  readonly #health = new Map<string, Health>();
  readonly #asking = new Map<string, Promise<void>>();
  /** Customer layer's keys of objects, by the object's context, newest last. */
  readonly #cache = new Map<string, { project: string; key: Buffer; until: number }>();
  /** Called when a state is not what it was. */
  onChange: () => void = () => undefined;

  constructor(folder: string, rootKey: Buffer) {
    this.#folder = join(folder, 'customer');
    this.#under = releaseKey(rootKey, 'provider-credentials');
    for (const project of recordsIn(this.#folder)) {
      try {
        const record = readRecord(this.#path(project), CustomerKeyRecord);
        if (record) this.#records.set(project, record);
      } catch { this.#unreadable.add(project); events.keyUnreadable(project); }
    }
  }

  #path(project: string): string { return join(this.#folder, `${project}.json`); }
  #save(record: CustomerKeyRecord): void {
    writeRecord(this.#path(record.project), record);
    this.#records.set(record.project, record);
  }

  projects(): string[] { return [...this.#records.values()].filter(({ active }) => active !== null).map(({ project }) => project); }
  /** Number of the binding in use, or null. @throws KeyRefused key_tampered */
  active(project: string): number | null {
    if (this.#unreadable.has(project)) throw new KeyRefused('key_tampered');
    return this.#records.get(project)?.active ?? null;
  }

  /** @throws KeyRefused customer_key_not_set */
  show(project: string): { settings: CustomerKeySettings; state: KeyState; kid: string; checkedAt: string | null; since: string; onDenied: 'keep' | 'stop'; developmentOnly: boolean } {
    const { record, binding } = this.#inUse(project);
    return {
      settings: binding.settings, state: this.state(project), kid: record.probe?.kid ?? '', checkedAt: this.#health.get(project)?.checkedAt ?? null, since: binding.since,
      onDenied: record.onDenied, developmentOnly: binding.settings.provider === 'file',
    };
  }

  /** What was found last. */
  state(project: string): KeyState {
    const record = this.#records.get(project);
    return record?.disabled === true ? 'disabled' : this.#health.get(project)?.state ?? 'enabled';
  }

  onDenied(project: string): 'keep' | 'stop' { return this.#records.get(project)?.onDenied ?? 'keep'; }

  #inUse(project: string): { record: CustomerKeyRecord; binding: Binding } {
    const active = this.active(project);
    const record = this.#records.get(project);
    const binding = record?.bindings.find(({ n }) => n === active);
    if (!record || !binding) throw new KeyRefused('customer_key_not_set');
    return { record, binding };
  }

  #provider(project: string, n: number): KeyProvider {
    const name = `${project}/${n}`;
    const known = this.#providers.get(name);
    if (known) return known;
    const binding = this.#records.get(project)?.bindings.find((each) => each.n === n);
    if (!binding) throw new KeyRefused('key_not_found');
    const provider = openProvider(binding.settings, this.#credential(project, binding));
    this.#providers.set(name, provider);
    return provider;
  }

  #credential(project: string, { n, credential }: Binding): CustomerKeyCredential {
    if (!credential) return {};
    const text = unwrap(credential, this.#under, { project, binding: n });
    try { return CustomerKeyCredential.parse(JSON.parse(text.toString('utf8'))); } finally { text.fill(0); }
  }

  /** Takes a new key into use once it has wrapped and unwrapped. What others wrapped is wrapped anew by `Rotation`. @throws KeyRefused */
  async set(project: string, settings: CustomerKeySettings, credential: CustomerKeyCredential | undefined, onDenied: 'keep' | 'stop'): Promise<void> {
    this.active(project);
    const before = this.#records.get(project);
    const n = Math.max(0, ...(before?.bindings ?? []).map((each) => each.n)) + 1;
    const provider = openProvider(settings, credential ?? {});
    let probe: WrappedKey;
    try { probe = await newProbe(provider, project); } catch (error) { await provider.close(); throw refusalOf(error); }
    const sealed = credential === undefined ? null : wrap(Buffer.from(JSON.stringify(credential)), this.#under, { project, binding: n });
    this.#save({
      format: 'modelkeep/customer-key/1', project, active: n, disabled: false, onDenied, probe,
      bindings: [...(before?.bindings ?? []), { n, settings, credential: sealed, since: new Date().toISOString() }],
    });
    this.#providers.set(`${project}/${n}`, provider);
    this.#found(project, 'enabled');
    this.#changed(project);
  }

  /** The layer goes back to the platform's key; the binding stays until nothing is wrapped by it. @throws KeyRefused customer_key_not_set */
  remove(project: string): void {
    const { record } = this.#inUse(project);
    this.#save({ ...record, active: null, disabled: false, probe: null });
    this.#changed(project);
  }

  /** @throws KeyRefused customer_key_not_set */
  setDisabled(project: string, disabled: boolean): void {
    const { record } = this.#inUse(project);
    if (record.disabled === disabled) return;
    this.#save({ ...record, disabled });
    this.#changed(project);
  }

  /** A new version where the provider makes one, and a probe that is wrapped by the newest. @throws KeyRefused */
  async rotate(project: string): Promise<void> {
    const { record, binding } = this.#inUse(project);
    const provider = this.#provider(project, binding.n);
    try {
      await provider.rotate?.();
      this.#save({ ...record, probe: await newProbe(provider, project) });
    } catch (error) { throw this.#failed(project, error); }
  }

  /** Bindings that nothing is wrapped by any more are forgotten, their credentials with them. */
  forgetUnused(project: string): void {
    const record = this.#records.get(project);
    if (!record || record.bindings.every(({ n }) => n === record.active)) return;
    for (const { n } of record.bindings) if (n !== record.active) { void this.#providers.get(`${project}/${n}`)?.close(); this.#providers.delete(`${project}/${n}`); }
    if (record.active === null) this.#forget(project); else this.#save({ ...record, bindings: record.bindings.filter(({ n }) => n === record.active) });
  }

  #forget(project: string): void {
    removeRecord(this.#path(project));
    this.#unreadable.delete(project);
    this.#records.delete(project);
    this.#health.delete(project);
  }

  /** Everything of a project. */
  destroy(project: string): void {
    for (const { n } of this.#records.get(project)?.bindings ?? []) { void this.#providers.get(`${project}/${n}`)?.close(); this.#providers.delete(`${project}/${n}`); }
    this.#drop(project);
    this.#forget(project);
    this.onChange();
  }

  /** Wraps by the key in use. @returns undefined where the project has none. @throws KeyRefused */
  async wrap(project: string, key: Buffer, context: WrapContext): Promise<{ binding: number; key: z.output<typeof ProviderWrapped> } | undefined> {
    const n = this.active(project);
    if (n === null) return undefined;
    this.#refuseDisabled(project);
    try {
      const wrapped = ProviderWrapped.parse(await this.#provider(project, n).wrap(key, context));
      // Wrapping may succeed at a provider that would not unwrap: only the other way round is an answer.
      const again = await this.#provider(project, n).unwrap(wrapped, context);
      const same = again.equals(key);
      again.fill(0);
      if (!same) throw new ProviderError('tampered');
      this.#found(project, 'enabled');
      return { binding: n, key: wrapped };
    } catch (error) { throw this.#failed(project, error); }
  }

  /** The provider is asked each time. @throws KeyRefused */
  async unwrap(project: string, n: number, wrapped: WrappedKey, context: WrapContext): Promise<Buffer> {
    this.#refuseDisabled(project);
    const name = JSON.stringify(context);
    try {
      const key = await this.#unwrapTwice(this.#provider(project, n), wrapped, context);
      if (n === this.active(project)) this.#found(project, 'enabled');
      this.#remember(name, project, key);
      return key;
    } catch (error) {
      const refusal = n === this.active(project) ? this.#failed(project, error) : refusalOf(error);
      const known = this.#cache.get(name);
      if (refusal.code === 'customer_key_unreachable' && known && known.until > Date.now()) return Buffer.from(known.key);
      throw refusal;
    }
  }

  async #unwrapTwice(provider: KeyProvider, wrapped: WrappedKey, context: WrapContext): Promise<Buffer> {
    try { return await provider.unwrap(wrapped, context); } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'unreachable') throw error;
      return await provider.unwrap(wrapped, context);
    }
  }

  #refuseDisabled(project: string): void {
    if (this.#records.get(project)?.disabled === true) throw new KeyRefused('customer_key_denied');
  }

  /** Whether the project's keys may be used at this moment. Asked of the provider, unless it was within `ageMs`. @throws KeyRefused customer_key_denied, customer_key_unreachable */
  async requireUsable(project: string, ageMs = fresh): Promise<void> {
    if (this.active(project) === null) return;
    this.#refuseDisabled(project);
    await this.check(project, ageMs);
    const { state } = this.#health.get(project) ?? { state: 'enabled' };
    if (state === 'denied') throw new KeyRefused('customer_key_denied');
    if (state === 'unreachable' && ![...this.#cache.values()].some((each) => each.project === project && each.until > Date.now())) throw new KeyRefused('customer_key_unreachable');
  }

  /** Asks the provider by unwrapping the probe. */
  async check(project: string, ageMs = fresh): Promise<void> {
    if (Date.now() - (this.#health.get(project)?.at ?? 0) < ageMs) return;
    const asking = this.#asking.get(project) ?? this.#ask(project).finally(() => this.#asking.delete(project));
    this.#asking.set(project, asking);
    await asking;
  }

  async #ask(project: string): Promise<void> {
    const record = this.#records.get(project);
    if (!record?.probe || record.active === null || record.disabled) return;
    try {
      const provider = this.#provider(project, record.active);
      try { (await this.#unwrapTwice(provider, record.probe, probeContext(project))).fill(0); } catch (error) {
        if (!(error instanceof ProviderError) || error.code !== 'tampered') throw error;
        await this.#replaceProbe(project, provider, record.probe);
      }
      this.#found(project, 'enabled');
    } catch (error) { this.#failed(project, error); }
  }

  /** Of a probe that was damaged: with it nobody would notice a refusal. */
  async #replaceProbe(project: string, provider: KeyProvider, damaged: WrappedKey): Promise<void> {
    const probe = await newProbe(provider, project);
    const record = this.#records.get(project);
    if (record?.probe === damaged) this.#save({ ...record, probe });
  }

  #failed(project: string, error: unknown): KeyRefused {
    const refusal = refusalOf(error);
    if (refusal.code !== 'key_tampered') this.#found(project, refusal.code === 'customer_key_unreachable' ? 'unreachable' : 'denied');
    return refusal;
  }

  #found(project: string, state: Health['state']): void {
    const before = this.#health.get(project);
    const answered = state !== 'unreachable';
    this.#health.set(project, { state, at: Date.now(), checkedAt: answered ? new Date().toISOString() : before?.checkedAt ?? null });
    if (state === 'denied') this.#drop(project);
    if (before?.state !== state) this.onChange();
  }

  #changed(project: string): void {
    if (this.#records.get(project)?.disabled === true || this.active(project) === null) this.#drop(project);
    this.onChange();
  }

  #remember(name: string, project: string, key: Buffer): void {
    this.#cache.get(name)?.key.fill(0);
    this.#cache.delete(name);
    this.#cache.set(name, { project, key: Buffer.from(key), until: Date.now() + cached });
    for (const [old, { key: gone, until }] of this.#cache) {
      if (until > Date.now() && this.#cache.size <= mostCached) break;
      gone.fill(0);
      this.#cache.delete(old);
    }
  }

  /** Forgets an object's key. */
  forgetKey(context: WrapContext): void {
    const name = JSON.stringify(context);
    this.#cache.get(name)?.key.fill(0);
    this.#cache.delete(name);
  }

  #drop(project: string): void {
    for (const [name, each] of this.#cache) if (each.project === project) { each.key.fill(0); this.#cache.delete(name); }
  }
}

const probeContext = (project: string): WrapContext => ({ project, purpose: 'probe' });

async function newProbe(provider: KeyProvider, project: string): Promise<WrappedKey> {
  const key = randomBytes(32);
  const wrapped = await provider.wrap(key, probeContext(project));
  const again = await provider.unwrap(wrapped, probeContext(project));
  if (!again.equals(key)) throw new ProviderError('misconfigured');
  return wrapped;
}
