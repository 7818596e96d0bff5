/** Providers as a project's bindings name them, opened when they are asked for, with the credentials that custody keeps under seal. */
import { isDeepStrictEqual } from 'node:util';
import { CustomerKeyCredential } from '#contract/http/encryption.ts';
import type { openProvider } from '../../providers/open-provider.ts';
import type { KeyProvider } from '../../providers/provider.ts';
import { KeyRefused } from '../key-refused.ts';
import { keyMemory } from '../memory.ts';
import { releaseKey } from '../release-key.ts';
import { unwrap, wrap } from '../wrapping.ts';
import type { Binding, CustomerKeyRecord } from './customer-key-record.ts';

export class OpenedProviders {
  readonly #under: Buffer;
  /** Opens one that is not kept here. */
  readonly open: typeof openProvider;
  readonly #opened = new Map<string, KeyProvider>();

  constructor(rootKey: Buffer, open: typeof openProvider) {
    this.#under = keyMemory.keep(releaseKey(rootKey, 'provider-credentials'));
    this.open = open;
  }

  /** @throws KeyRefused key_not_found, ProviderError */
  of(project: string, record: CustomerKeyRecord | undefined, n: number): KeyProvider {
    const wanted = record?.bindings.find((each) => each.n === n);
    if (!record || !wanted) throw new KeyRefused('key_not_found');
    // The same key with a new credential: the old one may have ended, and opens nothing any more. Also where that key is in use no longer.
    const binding = record.bindings.findLast((each) => isDeepStrictEqual(each.settings, wanted.settings)) ?? wanted;
    const name = `${project}/${binding.n}`;
    const known = this.#opened.get(name);
    if (known) return known;
    const provider = this.open(binding.settings, this.#credential(project, binding));
    this.#opened.set(name, provider);
    return provider;
  }

  #credential(project: string, { n, credential }: Binding): CustomerKeyCredential {
    if (!credential) return {};
    const text = unwrap(credential, this.#under, { project, binding: n });
    try { return CustomerKeyCredential.parse(JSON.parse(text.toString('utf8'))); } finally { text.fill(0); }
  }

  sealed(project: string, n: number, credential: CustomerKeyCredential): Binding['credential'] {
    const text = Buffer.from(JSON.stringify(credential));
    try { return wrap(text, this.#under, { project, binding: n }); } finally { text.fill(0); }
  }

  keep(project: string, n: number, provider: KeyProvider): void { this.#opened.set(`${project}/${n}`, provider); }

  close(project: string, n: number): void {
    this.#opened.get(`${project}/${n}`)?.close().catch(() => undefined);
    this.#opened.delete(`${project}/${n}`);
  }
}
