/**
 * Platform keys of projects, in chains that know nothing of each other: `platform` wraps the keys of the platform layer, `stand_in` those of the customer layer until the
 * project has a customer-managed key, `secrets` seals credentials for the database. A version is 32 random bytes in a file, wrapped by a key that is derived from the root key.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { ProjectId, Time } from '#contract/names.ts';
import { keyMemory } from '../memory.ts';
import { namesIn, readRecord, recordsIn, removeRecord, writeRecord } from '../records.ts';
import { releaseKey } from '../release-key.ts';
import { KeyRefused } from '../key-refused.ts';
import { unwrap, wrap, Wrapped } from '../wrapping.ts';

export const chains = ['platform', 'stand_in', 'secrets'] as const;
export type Chain = typeof chains[number];
const PlatformKey = z.strictObject({ format: z.literal('modelkeep/platform-key/1'), project: ProjectId, chain: z.enum(chains), version: z.int().min(1), createdAt: Time, key: Wrapped });

export class PlatformKeys {
  readonly #folder: string;
  readonly #under: Buffer;
  readonly #seal: Buffer;
  /** Opened versions, by path. */
  readonly #opened = new Map<string, { key: Buffer; createdAt: string }>();
  /** Projects that get no key any more. */
  readonly #ended = new Set<string>();

  /** `folder`: of the keys. */
  constructor(folder: string, rootKey: Buffer) {
    this.#folder = join(folder, 'platform');
    this.#under = keyMemory.keep(releaseKey(rootKey, 'platform-keys'));
    this.#seal = keyMemory.keep(releaseKey(rootKey, 'key-records'));
  }

  #chain(project: string, chain: Chain): string { return join(this.#folder, project, chain); }
  #path(project: string, chain: Chain, version: number): string { return join(this.#chain(project, chain), `${version}.json`); }

  versions(project: string, chain: Chain): number[] { return recordsIn(this.#chain(project, chain)).filter((name) => /^[1-9]\d*$/.test(name)).map(Number).sort((a, b) => a - b); }
  projects(): string[] { return namesIn(this.#folder); }

  /** Newest version of a chain; the first is made when it is asked for. @throws KeyRefused key_not_found */
  current(project: string, chain: Chain): number {
    this.#refuseEnded(project);
    return this.versions(project, chain).at(-1) ?? this.add(project, chain);
  }

  /** A new version. @returns its number. @throws KeyRefused key_not_found where the project has ended */
  add(project: string, chain: Chain): number {
    this.#refuseEnded(project);
    const version = (this.versions(project, chain).at(-1) ?? 0) + 1;
    const key = randomBytes(32);
    try {
      writeRecord(this.#path(project, chain, version), {
        format: 'modelkeep/platform-key/1', project, chain, version, createdAt: new Date().toISOString(), key: wrap(key, this.#under, { project, chain, version }),
      }, this.#seal, true);
    } finally { key.fill(0); }
    return version;
  }

  #refuseEnded(project: string): void { if (this.#ended.has(project)) throw new KeyRefused('key_not_found'); }

  /** @throws KeyRefused key_not_found, key_tampered */
  open(project: string, chain: Chain, version: number): { key: Buffer; createdAt: string } {
    const path = this.#path(project, chain, version);
    const known = this.#opened.get(path);
    if (known) return known;
    const record = readRecord(path, PlatformKey, this.#seal);
    if (!record) throw new KeyRefused('key_not_found');
    const opened = { key: keyMemory.keep(unwrap(record.key, this.#under, { project, chain, version })), createdAt: record.createdAt };
    this.#opened.set(path, opened);
    return opened;
  }

  /** What it wrapped, and was not wrapped anew, is lost. */
  destroy(project: string, chain: Chain, version: number): void {
    const path = this.#path(project, chain, version);
    const opened = this.#opened.get(path);
    if (opened) keyMemory.wipe(opened.key);
    this.#opened.delete(path);
    removeRecord(path);
  }

  /** From now on nothing of the project is wrapped: what was begun before its end fails. */
  end(project: string): void { this.#ended.add(project); }

  /** Every version of every chain. */
  destroyAll(project: string): void { for (const chain of chains) for (const version of this.versions(project, chain)) this.destroy(project, chain, version); }
}
