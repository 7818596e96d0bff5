/** Data keys of objects: two of 32 random bytes each, one a layer. On the disk they are only wrapped: the platform layer's by the platform key, the customer layer's by the customer's. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { KeyOrder } from '#contract/internal/key-order.ts';
import { KeyOrder as OrderSchema } from '#contract/internal/key-order.ts';
import { ObjectId, ProjectId, Time } from '#contract/names.ts';
import type { WrapContext } from '../../providers/provider.ts';
import { KeyRefused } from '../key-refused.ts';
import { ProviderWrapped } from '../project-keys/customer-keys.ts';
import type { CustomerKeys } from '../project-keys/customer-keys.ts';
import type { PlatformKeys } from '../project-keys/platform-keys.ts';
import { readRecord, recordsIn, removeRecord, writeRecord } from '../records.ts';
import { unwrap, wrap, Wrapped } from '../wrapping.ts';

const ByPlatform = z.strictObject({ version: z.int(), key: Wrapped });
const DataKeyRecord = z.strictObject({
  format: z.literal('modelkeep/data-keys/1'), project: ProjectId, object: ObjectId, kind: OrderSchema.shape.kind, createdAt: Time, platform: ByPlatform,
  customer: z.discriminatedUnion('by', [ByPlatform.extend({ by: z.literal('platform') }), z.strictObject({ by: z.literal('customer'), binding: z.int(), key: ProviderWrapped })]),
});
type DataKeyRecord = z.output<typeof DataKeyRecord>;
type Named = Pick<DataKeyRecord, 'project' | 'object' | 'kind'>;
type Layer = 'platform' | 'customer';

/** Bound into each wrapping, whoever wraps. */
const contextOf = ({ project, object, kind }: Named, layer: Layer): WrapContext => ({ project, object, purpose: kind, layer });

export class DataKeys {
  readonly #folder: string;
  readonly #platform: PlatformKeys;
  readonly #customer: CustomerKeys;
  /** What is done to one object's keys is done one after the other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(folder: string, platform: PlatformKeys, customer: CustomerKeys) {
    this.#folder = join(folder, 'data');
    this.#platform = platform;
    this.#customer = customer;
  }

  #path({ project, object }: Pick<Named, 'project' | 'object'>): string { return join(this.#folder, project, `${object}.json`); }
  objectsOf(project: string): string[] { return recordsIn(join(this.#folder, project)); }
  projects(): string[] { try { return readdirSync(this.#folder); } catch { return []; } }
  has(named: Pick<Named, 'project' | 'object'>): boolean { return existsSync(this.#path(named)); }

  /** Up to `limit` ids, in order, after one of them. */
  list(after: string | null, limit: number): string[] {
    return this.projects().flatMap((project) => this.objectsOf(project)).sort().filter((object) => after === null || object > after).slice(0, limit);
  }

  async #inTurn<T>(object: string, work: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(object) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.#turns.set(object, settled);
    try { return await mine; } finally { if (this.#turns.get(object) === settled) this.#turns.delete(object); }
  }

  /** @returns 64 bytes: the platform layer's key, the customer layer's. @throws KeyRefused */
  async create({ project, object, kind }: KeyOrder): Promise<Buffer> {
    return await this.#inTurn(object, async () => {
      if (this.has({ project, object })) throw new KeyRefused('key_exists');
      await this.#customer.requireUsable(project);
      const keys = randomBytes(64);
      const named = { project, object, kind };
      await this.#write(named, new Date().toISOString(), keys, true);
      return keys;
    });
  }

  /** @returns as `create`. @throws KeyRefused */
  async release({ project, object, kind }: KeyOrder): Promise<Buffer> {
    return await this.#inTurn(object, async () => {
      // First whether there are any: destroyed keys are gone whatever becomes of the customer's.
      const record = this.#read({ project, object });
      if (record.kind !== kind) throw new KeyRefused('order_refused');
      await this.#customer.requireUsable(project);
      return await this.#open(record);
    });
  }

  async #open(record: DataKeyRecord): Promise<Buffer> {
    const customer = await this.#unwrapCustomer(record);
    const platform = this.#unwrapPlatform(record);
    const keys = Buffer.concat([platform, customer]);
    for (const key of [platform, customer]) key.fill(0);
    return keys;
  }

  /** @returns whether there was anything to destroy */
  async destroy(named: Pick<Named, 'project' | 'object' | 'kind'>): Promise<boolean> {
    return await this.#inTurn(named.object, async () => {
      this.#customer.forgetKey(contextOf(named, 'customer'));
      return await Promise.resolve(removeRecord(this.#path(named)));
    });
  }

  #read(named: Pick<Named, 'project' | 'object'>): DataKeyRecord {
    const record = readRecord(this.#path(named), DataKeyRecord);
    if (!record) throw new KeyRefused('key_not_found');
    if (record.project !== named.project || record.object !== named.object) throw new KeyRefused('key_tampered');
    return record;
  }

  #byPlatform(named: Named, layer: Layer, key: Buffer): z.output<typeof ByPlatform> {
    const chain = layer === 'platform' ? 'platform' : 'stand_in';
    const version = this.#platform.current(named.project, chain);
    return { version, key: wrap(key, this.#platform.open(named.project, chain, version).key, contextOf(named, layer)) };
  }

  /** From the provider's answer on nothing waits: a version that the record names cannot be destroyed before the record stands. */
  async #write({ project, object, kind }: Named, createdAt: string, keys: Buffer, once: boolean): Promise<void> {
    const named = { project, object, kind };
    for (;;) {
      const wrapped = await this.#customer.wrap(project, keys.subarray(32), contextOf(named, 'customer'));
      if ((wrapped?.binding ?? null) !== this.#customer.active(project)) continue;
      writeRecord(this.#path(named), {
        format: 'modelkeep/data-keys/1', ...named, createdAt, platform: this.#byPlatform(named, 'platform', keys.subarray(0, 32)),
        customer: wrapped ? { by: 'customer', ...wrapped } : { by: 'platform', ...this.#byPlatform(named, 'customer', keys.subarray(32)) },
      } satisfies DataKeyRecord, once);
      return;
    }
  }

  #unwrapPlatform(record: DataKeyRecord): Buffer {
    return unwrap(record.platform.key, this.#platform.open(record.project, 'platform', record.platform.version).key, contextOf(record, 'platform'));
  }

  async #unwrapCustomer(record: DataKeyRecord): Promise<Buffer> {
    const { project, customer } = record;
    const context = contextOf(record, 'customer');
    return customer.by === 'platform' ? unwrap(customer.key, this.#platform.open(project, 'stand_in', customer.version).key, context) : await this.#customer.unwrap(project, customer.binding, customer.key, context);
  }

  /** True where both layers are wrapped by the newest keys. */
  isNewest(project: string, object: string, kid: string | null): boolean {
    const record = readRecord(this.#path({ project, object }), DataKeyRecord);
    return record === undefined || this.#newest(record, kid);
  }

  #newest({ project, platform, customer }: DataKeyRecord, kid: string | null): boolean {
    const active = this.#customer.active(project);
    const layer = customer.by === 'platform' ? active === null && customer.version === this.#platform.current(project, 'stand_in') : customer.binding === active && customer.key.kid === kid;
    return layer && platform.version === this.#platform.current(project, 'platform');
  }

  /** Wraps an object's keys by the newest keys; its bytes are not touched. `kid`: the customer's newest version, null where there is none. @throws KeyRefused */
  async rewrap(project: string, object: string, kid: string | null): Promise<void> {
    await this.#inTurn(object, async () => {
      if (!this.has({ project, object })) return;
      const record = this.#read({ project, object });
      if (this.#newest(record, kid)) return;
      const keys = await this.#open(record);
      try { await this.#write(record, record.createdAt, keys, false); } finally { keys.fill(0); }
    });
  }
}
