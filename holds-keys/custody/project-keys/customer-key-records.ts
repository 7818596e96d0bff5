/** The records of customer-managed keys, on the disk and at hand. One that is not what was written closes its own project, and no other. */
import { join } from 'node:path';
import { ProjectId } from '#contract/names.ts';
import { KeyRefused } from '../key-refused.ts';
import { keyMemory } from '../memory.ts';
import { readRecord, recordsIn, removeRecord, writeRecord } from '../records.ts';
import { releaseKey } from '../release-key.ts';
import { CustomerKeyRecord } from './customer-key-record.ts';
import type { Binding } from './customer-key-record.ts';

export class CustomerKeyRecords {
  readonly #folder: string;
  readonly #seal: Buffer;
  readonly #records = new Map<string, CustomerKeyRecord>();
  readonly #tampered = new Set<string>();

  /** `folder`: of the keys. */
  constructor(folder: string, rootKey: Buffer) {
    this.#folder = join(folder, 'customer');
    this.#seal = keyMemory.keep(releaseKey(rootKey, 'key-records'));
    for (const project of recordsIn(this.#folder)) if (ProjectId.safeParse(project).success) this.#load(project);
  }

  #path(project: string): string { return join(this.#folder, `${project}.json`); }

  #load(project: string): void {
    try {
      const record = readRecord(this.#path(project), CustomerKeyRecord, this.#seal);
      if (record?.project !== project) throw new KeyRefused('key_tampered');
      this.#records.set(project, record);
    } catch { this.#tampered.add(project); }
  }

  isTampered(project: string): boolean { return this.#tampered.has(project); }

  /** @throws KeyRefused key_tampered */
  of(project: string): CustomerKeyRecord | undefined {
    if (this.isTampered(project)) throw new KeyRefused('key_tampered');
    return this.#records.get(project);
  }

  /** @throws KeyRefused customer_key_not_set, key_tampered */
  inUse(project: string): { record: CustomerKeyRecord; binding: Binding } {
    const record = this.of(project);
    const binding = record?.bindings.find(({ n }) => n === record.active);
    if (!record || !binding) throw new KeyRefused('customer_key_not_set');
    return { record, binding };
  }

  /** With a key in use, and those that nobody can tell of. */
  projects(): string[] { return [...[...this.#records.values()].filter(({ active }) => active !== null).map(({ project }) => project), ...this.#tampered]; }
  /** Of which anything is kept, in use or not. */
  known(): string[] { return [...this.#records.keys()]; }

  save(record: CustomerKeyRecord): void {
    writeRecord(this.#path(record.project), record, this.#seal);
    this.#records.set(record.project, record);
  }

  remove(project: string): void {
    removeRecord(this.#path(project));
    this.#records.delete(project);
    this.#tampered.delete(project);
  }
}
