/**
 * Platform keys of projects, in chains that know nothing of each other: `platform` wraps the keys of the platform layer, `stand_in` those of the customer layer until the
 * project has a customer-managed key, `secrets` seals credentials for the database. A version is 32 random bytes in a file, wrapped by a key that is derived from the root key.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ProjectId, Time } from '#contract/names.ts';
import { readRecord, recordsIn, removeRecord, writeRecord } from '../records.ts';
import { releaseKey } from '../release-key.ts';
import { KeyRefused } from '../key-refused.ts';
import { unwrap, wrap, Wrapped } from '../wrapping.ts';

export type Chain = 'platform' | 'stand_in' | 'secrets';
const PlatformKey = z.strictObject({ format: z.literal('modelkeep/platform-key/1'), project: ProjectId, chain: z.enum(['platform', 'stand_in', 'secrets']), version: z.int().min(1), createdAt: Time, key: Wrapped });

export class PlatformKeys {
  readonly #folder: string;
  readonly #under: Buffer;
  /** Opened versions, by path. */
  readonly #opened = new Map<string, { key: Buffer; createdAt: string }>();

  /** `folder`: of the keys. */
  constructor(folder: string, rootKey: Buffer) {
    this.#folder = join(folder, 'platform');
    this.#under = releaseKey(rootKey, 'platform-keys');
  }

  #chain(project: string, chain: Chain): string { return join(this.#folder, project, chain); }
  #path(project: string, chain: Chain, version: number): string { return join(this.#chain(project, chain), `${version}.json`); }

  versions(project: string, chain: Chain): number[] { return recordsIn(this.#chain(project, chain)).map(Number).sort((a, b) => a - b); }
  projects(): string[] { try { return readdirSync(this.#folder); } catch { return []; } }

  /** Newest version of a chain; the first is made when it is asked for. */
  current(project: string, chain: Chain): number { return this.versions(project, chain).at(-1) ?? this.add(project, chain); }

  /** A new version. @returns its number */
  add(project: string, chain: Chain): number {
    const version = (this.versions(project, chain).at(-1) ?? 0) + 1;
    const key = randomBytes(32);
    writeRecord(this.#path(project, chain, version), {
      format: 'modelkeep/platform-key/1', project, chain, version, createdAt: new Date().toISOString(), key: wrap(key, this.#under, { project, chain, version }),
    }, true);
    key.fill(0);
    return version;
  }

  /** @throws KeyRefused key_not_found, key_tampered */
  open(project: string, chain: Chain, version: number): { key: Buffer; createdAt: string } {
    const path = this.#path(project, chain, version);
    const known = this.#opened.get(path);
    if (known) return known;
    const record = readRecord(path, PlatformKey);
    if (!record) throw new KeyRefused('key_not_found');
    const opened = { key: unwrap(record.key, this.#under, { project, chain, version }), createdAt: record.createdAt };
    this.#opened.set(path, opened);
    return opened;
  }

  /** What it wrapped, and was not wrapped anew, is lost. */
  destroy(project: string, chain: Chain, version: number): void {
    const path = this.#path(project, chain, version);
    this.#opened.get(path)?.key.fill(0);
    this.#opened.delete(path);
    removeRecord(path);
  }
}

