/** A provider that does what a test tells it: answers, refuses, is silent, or waits. */
import { randomBytes } from 'node:crypto';
import { ProviderError } from '../../providers/provider.ts';
import type { KeyProvider, ProviderFailure, WrapContext, WrappedKey } from '../../providers/provider.ts';
import { unwrap, wrap } from '../wrapping.ts';
import { KeyRefused } from '../key-refused.ts';

export class ScriptedProvider implements KeyProvider {
  readonly kind = 'vault';
  readonly versions = [randomBytes(32)];
  /** What it answers instead of doing it. */
  failure: ProviderFailure | undefined;
  /** What it answers to a wrapping alone. */
  wrapFailure: ProviderFailure | undefined;
  /** Versions that it does not have any more. */
  readonly gone = new Set<string>();
  /** Versions with which it does nothing, and why. */
  readonly refused = new Map<string, ProviderFailure>();
  /** What each call waits for, before and after its work. */
  before: Promise<unknown> | undefined;
  after: Promise<unknown> | undefined;
  calls = 0;
  closed = false;

  #newest(): string { return `v${this.versions.length}`; }
  #key(kid: string): Buffer {
    const refused = this.refused.get(kid);
    if (refused) throw new ProviderError(refused);
    const key = this.versions[Number(kid.slice(1)) - 1];
    if (!key || this.gone.has(kid)) throw new ProviderError('key_not_found');
    return key;
  }

  async #call<T>(work: () => T): Promise<T> {
    this.calls++;
    if (this.before) await this.before;
    if (this.closed) throw new ProviderError('unreachable');
    if (this.failure) throw new ProviderError(this.failure);
    const answer = work();
    if (this.after) await this.after;
    return answer;
  }

  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> { return await this.#call(() => { if (this.wrapFailure) throw new ProviderError(this.wrapFailure); const kid = this.#newest(); return { kid, alg: 'A256GCM', ...wrap(key, this.#key(kid), { ...context, kid }) }; }); }
  async unwrap({ kid, ciphertext, iv = '', tag = '' }: WrappedKey, context: WrapContext): Promise<Buffer> {
    return await this.#call(() => {
      try { return unwrap({ ciphertext, iv, tag }, this.#key(kid), { ...context, kid }); } catch (error) { throw error instanceof KeyRefused ? new ProviderError('tampered') : error; }
    });
  }
  async current(): Promise<string> { return await this.#call(() => this.#newest()); }
  rotate = async (): Promise<string> => await this.#call(() => { this.versions.push(randomBytes(32)); return this.#newest(); });
  close(): Promise<void> { this.closed = true; return Promise.resolve(); }
}

/** Opens the provider whose name is the settings' key. */
export class Providers {
  readonly all = new Map<string, ScriptedProvider>();
  readonly open = (settings: { provider: string; key?: string }): KeyProvider => {
    const provider = this.all.get(settings.key ?? '');
    if (!provider) throw new ProviderError('misconfigured');
    provider.closed = false;
    return provider;
  };
  add(name: string): { provider: ScriptedProvider; settings: { provider: 'vault'; address: string; mount: string; key: string } } {
    const provider = new ScriptedProvider();
    this.all.set(name, provider);
    return { provider, settings: { provider: 'vault', address: 'https://vault.test', mount: 'transit', key: name } };
  }
}

/** Something that a call waits at until it is opened. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => { open = resolve; });
  return { opened, open: () => open() };
}
