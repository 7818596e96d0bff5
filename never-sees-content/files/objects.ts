/**
 * Sealed objects from their first row to their last. The row comes first, then the keys, then the bytes, then the acknowledgement; what is not acknowledged goes the other way:
 * keys, bytes, row. So nothing is ever without a row that knows of it, whatever moment a process ends in.
 */
import type { z } from 'zod';
import { mayCall } from '#contract/access.ts';
import type { Access } from '#contract/access.ts';
import type { FileObject } from '#contract/http/files.ts';
import type { UploadPart } from '#contract/http/uploads.ts';
import type { KeyOrder, SignedOrder } from '#contract/internal/key-order.ts';
import type { BeginObject, CommitObject, OpenObject, SealedAs } from '#contract/internal/objects.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { StoreError } from '../datastores/blobs/blob-store.ts';
import type { BlobStore } from '../datastores/blobs/blob-store.ts';
import { datastoreForWriting } from '../datastores/find-datastore.ts';
import type { Stores } from '../datastores/stores.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import { identifier } from '../identity/identifier.ts';
import type { Actor, LedgerEntryInput } from '../ledger/entry.ts';
import type { OrderSigner } from '../orders/order-signer.ts';
import { events } from '../server/events.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage, Writer } from '../storage/storage.ts';
import { filesOf, findFile, viewFile } from './find-file.ts';
import type { FileRow } from './find-file.ts';
import { findOpenUpload, requireRoom, viewPart } from './find-upload.ts';
import { Lanes } from './lanes.ts';
import { requireMayOpen } from './opener.ts';

export interface ObjectParts { storage: Storage; custody: CustodyClient; stores: Stores; orders: OrderSigner; geography: string }
export const system: Actor = { kind: 'system', id: 'control' };
/** Milliseconds that an object may stay without its bytes or its acknowledgement while nobody is writing, and between two looks for such. */
const patience = 60_000;
const sweepEveryMs = 15_000;

interface ObjectRow { id: string; project_id: string; kind: 'file' | 'part'; datastore_id: string; state: 'writing' | 'stored'; sealed_bytes: number | null }
const sealedAs = ({ id, project_id, kind }: Pick<ObjectRow, 'id' | 'project_id' | 'kind'>): SealedAs => ({ owner: project_id, purpose: kind, object: id });

/** @throws Refusal */
export function allowed(principal: Principal, access: Access = 'project'): { principal: Principal; actor: Actor; project: { id: string } } {
  if (!mayCall(principal, access) || principal.kind === 'endpoint_key') throw new Refusal('permission_denied');
  if (principal.projectId === null) throw new Refusal('project_not_found');
  return { principal, actor: { kind: principal.kind, id: principal.id }, project: { id: principal.projectId } };
}

export function storeRefusal(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error;
  return new Refusal(error.code === 'full' ? 'storage_full' : error.code === 'refused' ? 'datastore_refused' : 'datastore_unreachable');
}

export class Objects {
  readonly #parts: ObjectParts;
  /** Unfinished objects of this process, with the moment (of the monotonic clock) from which they count as left behind. Every other unfinished object is one already. */
  readonly #expected = new Map<string, number>();
  /** Those whose bytes arrive. */
  readonly #arriving = new Set<string>();
  /** An object is acknowledged or given up, one after the other: what is acknowledged is not destroyed by whoever saw it unfinished a moment before. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #lanes = new Lanes();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ObjectParts) { this.#parts = parts; }

  order(action: KeyOrder['action'], purpose: KeyOrder['purpose'], object: Pick<ObjectRow, 'id' | 'project_id' | 'kind'>, actor: Actor, recipient: string | null, job: string | null = null): SignedOrder {
    return this.#parts.orders.aboutObject({ action, purpose, project: object.project_id, object: object.id, kind: object.kind, principal: { kind: actor.kind, id: actor.id }, job, recipient });
  }

  /** @throws Refusal */
  async begin({ principal: asked, recipient, what }: z.output<typeof BeginObject.request>): Promise<z.output<typeof BeginObject.response>> {
    const { actor, project, principal } = allowed(asked);
    const { geography, storage } = this.#parts;
    const made = await storage.transact(actor, async (tx) => {
      const upload = what.kind === 'part' ? await findOpenUpload(tx, project.id, what.upload) : undefined;
      if (upload) await requireRoom(tx, upload);
      const { row: datastore, entries } = upload ? { row: { id: upload.datastore_id }, entries: [] } : await datastoreForWriting(tx, project, geography, what.kind === 'file' ? what.datastore : undefined);
      const object = { id: identifier('obj'), project_id: project.id, datastore_id: datastore.id, kind: what.kind };
      const id = await this.#insert(tx, object, what, principal.id);
      return { result: { id, object }, entries: [...entries, keyEntry('data_key.created', object, { purpose: 'upload', object: id })] };
    });
    return { id: made.id, sealedAs: sealedAs(made.object), order: this.order('create', 'upload', made.object, actor, recipient) };
  }

  async #insert(tx: Writer, object: Omit<ObjectRow, 'state' | 'sealed_bytes'>, what: z.output<typeof BeginObject.request>['what'], createdBy: string, upload_id: string | null = null): Promise<string> {
    const created_at = new Date().toISOString();
    this.#expect(object.id);
    await tx.insertInto('objects').values({ ...object, state: 'writing', sealed_bytes: null, created_at }).execute();
    if (what.kind === 'part') {
      const id = identifier('prt');
      await tx.insertInto('upload_parts').values({ id, upload_id: what.upload, object_id: object.id, created_at }).execute();
      return id;
    }
    const id = identifier('fil');
    await tx.insertInto('files').values({
      id, project_id: object.project_id, datastore_id: object.datastore_id, object_id: object.id, path: null, filename: what.filename, purpose: what.purpose, rows: null, state: 'writing', upload_id, created_at, created_by: createdBy, expires_at: null,
    }).execute();
    return id;
  }

  /** The file that the parts of an upload become. @throws Refusal */
  async beginAssembled(tx: Writer, upload: { id: string; project_id: string; datastore_id: string; filename: string; purpose: FileObject['purpose']; created_by: string }): Promise<{ id: string; object: Omit<ObjectRow, 'state' | 'sealed_bytes'>; entry: LedgerEntryInput }> {
    const object = { id: identifier('obj'), project_id: upload.project_id, datastore_id: upload.datastore_id, kind: 'file' as const };
    const id = await this.#insert(tx, object, { kind: 'file', filename: upload.filename, purpose: upload.purpose }, upload.created_by, upload.id);
    return { id, object, entry: keyEntry('data_key.created', object, { purpose: 'upload', object: id }) };
  }

  async #row(id: string): Promise<ObjectRow & { store: BlobStore; /** In a bucket, which other machines reach, too. */ elsewhere: boolean }> {
    const row = await this.#parts.storage.read((db) => db.selectFrom('objects').innerJoin('datastores', 'datastores.id', 'objects.datastore_id')
      .select(['objects.id', 'objects.project_id', 'objects.kind', 'objects.datastore_id', 'objects.state', 'objects.sealed_bytes', 'datastores.place', 'datastores.credential']).where('objects.id', '=', id).executeTakeFirst());
    if (!row) throw new Refusal('file_not_found');
    return { ...row, elsewhere: row.place.kind !== 'filesystem', store: await this.#parts.stores.of({ id: row.datastore_id, project_id: row.project_id, place: row.place, credential: row.credential }) };
  }

  /** Takes the sealed bytes. Where they end early, everything of the object goes. @throws Refusal */
  async store(id: string, bytes: AsyncIterable<Buffer>): Promise<{ sealedBytes: number }> {
    const object = await this.#row(id);
    if (object.state !== 'writing') throw new Refusal('file_not_found');
    this.#arriving.add(id);
    try {
      const { bytes: sealedBytes } = await object.store.write(id, bytes);
      await this.#inTurn(id, () => this.#requireWanted(id, object.store));
      this.#expect(id);
      return { sealedBytes };
    } catch (error) {
      await this.abandon(id).catch(() => undefined); // the sweep comes to it
      throw storeRefusal(error);
    } finally { this.#arriving.delete(id); }
  }

  /** Where an object was given up while its bytes came into their place, whoever erased them may have been there before. @throws Refusal */
  async #requireWanted(id: string, store: BlobStore): Promise<void> {
    const row = await this.#parts.storage.read((db) => db.selectFrom('objects').select('id').where('id', '=', id).executeTakeFirst());
    if (row) return;
    await store.erase(id);
    throw new Refusal('file_not_found');
  }

  async #inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#turns.get(id) ?? Promise.resolve()).then(work);
    const settled = mine.catch(() => undefined);
    this.#turns.set(id, settled);
    try { return await mine; } finally { if (this.#turns.get(id) === settled) this.#turns.delete(id); }
  }

  /** @throws Refusal */
  async commit(asked: z.output<typeof CommitObject.request>): Promise<FileObject | UploadPart> { return await this.#inTurn(asked.object, () => this.#commit(asked)); }

  async #commit({ object: id, bytes, rows, purpose }: z.output<typeof CommitObject.request>): Promise<FileObject | UploadPart> {
    const { storage } = this.#parts;
    const { store, project_id: projectId, kind } = await this.#row(id);
    const sealed = await store.size(id).catch((error: unknown) => { throw storeRefusal(error); });
    if (sealed === null) throw new Refusal('file_not_found');
    await storage.transact(system, async (tx) => {
      const object = await tx.selectFrom('objects').select(['state']).where('id', '=', id).forUpdate().executeTakeFirst();
      if (object?.state !== 'writing') throw new Refusal('file_not_found');
      await tx.updateTable('objects').set({ state: 'stored', sealed_bytes: sealed }).where('id', '=', id).execute();
      if (kind === 'part') {
        const part = await tx.updateTable('upload_parts').set({ bytes }).where('object_id', '=', id).returning(['id', 'upload_id']).executeTakeFirstOrThrow();
        await findOpenUpload(tx, projectId, part.upload_id);
        return { result: undefined, unchanged: true };
      }
      return { result: undefined, entries: [await this.#fileStored(tx, id, { bytes, rows, ...(purpose === undefined ? {} : { purpose }) }, sealed)] };
    });
    this.#expected.delete(id);
    return kind === 'part' ? await storage.read(async (db) => viewPart(await db.selectFrom('upload_parts').selectAll().where('object_id', '=', id).executeTakeFirstOrThrow()))
      : await storage.read(async (db) => viewFile(await filesOf(db, projectId).where('files.object_id', '=', id).executeTakeFirstOrThrow()));
  }

  async #fileStored(tx: Writer, object: string, found: { bytes: number; rows: number | null; purpose?: FileObject['purpose'] }, sealed: number): Promise<LedgerEntryInput> {
    const file = await tx.updateTable('files').set({ ...found, state: 'ready' }).where('object_id', '=', object).returningAll().executeTakeFirstOrThrow();
    if (file.upload_id !== null) {
      const closed = await tx.updateTable('uploads').set({ state: 'completed', file_id: file.id }).where('id', '=', file.upload_id).where('state', '=', 'pending').executeTakeFirst();
      if (closed.numUpdatedRows !== 1n) throw new Refusal('upload_closed', 'upload');
    }
    const { geography } = await tx.selectFrom('datastores').select('geography').where('id', '=', file.datastore_id).executeTakeFirstOrThrow();
    return { kind: 'file.stored', object: file.id, projectId: file.project_id, facts: { object, purpose: file.purpose, bytes: found.bytes, rows: found.rows, sealedBytes: sealed, datastore: file.datastore_id, geography, by: file.created_by } };
  }

  /** Keys first: from then on the bytes are nobody's. Harmless where it is gone already. @throws Refusal where it has to be tried again */
  async abandon(id: string): Promise<void> { await this.#inTurn(id, () => this.#abandon(id)); }

  async #abandon(id: string): Promise<void> {
    const row = await this.#row(id).catch((error: unknown) => { if (isGone(error)) return undefined; throw error; });
    if (row?.state !== 'writing') return;
    await this.#destroy(row, row.elsewhere && await this.#isRestored(id) ? undefined : row.store, 'unfinished');
  }

  /** Whether it was begun by the installation that this one was restored from. That one may have finished it since, and may live: in a bucket the bytes are its own. */
  async #isRestored(id: string): Promise<boolean> {
    return await this.#parts.storage.read(async (db) => {
      const begun = await db.selectFrom('ledger_entries').select('seq').where('object', '=', id).orderBy('seq').limit(1).executeTakeFirst();
      return await db.selectFrom('ledger_entries').select('seq').where('kind', '=', 'installation.restored').where('seq', '>', begun?.seq ?? 0).limit(1).executeTakeFirst() !== undefined;
    });
  }

  /** Keys, bytes, row; with the entry that says so. `store`: undefined where the bytes are left to somebody else. */
  async #destroy(object: ObjectRow, store: BlobStore | undefined, reason: 'unfinished' | 'assembled' | 'cancelled' | 'expired'): Promise<void> {
    await this.#parts.custody.destroyDataKeys(this.order('destroy', 'upload', object, system, null));
    await store?.erase(object.id).catch((error: unknown) => { throw storeRefusal(error); });
    await this.#parts.storage.transact(system, async (tx) => {
      await tx.deleteFrom('files').where('object_id', '=', object.id).execute();
      await tx.deleteFrom('upload_parts').where('object_id', '=', object.id).execute();
      const { numDeletedRows } = await tx.deleteFrom('objects').where('id', '=', object.id).executeTakeFirst();
      return numDeletedRows === 0n ? { result: undefined, unchanged: true } : { result: undefined, entry: keyEntry('data_key.destroyed', object, { reason }) };
    });
    this.#expected.delete(object.id);
  }

  /** Parts of uploads that nobody can complete any more. */
  async destroyParts(uploadId: string, reason: 'assembled' | 'cancelled' | 'expired'): Promise<void> {
    const parts = await this.#parts.storage.read((db) => db.selectFrom('upload_parts').select('object_id').where('upload_id', '=', uploadId).execute());
    for (const { object_id } of parts) {
      await this.#inTurn(object_id, async () => {
        const row = await this.#row(object_id).catch((error: unknown) => { if (isGone(error)) return undefined; throw error; });
        if (row) await this.#destroy(row, row.store, reason);
      });
    }
  }

  /** @throws Refusal */
  async open({ principal: asked, file: id, recipient }: z.output<typeof OpenObject.request>): Promise<z.output<typeof OpenObject.response>> {
    const { actor, project, principal } = allowed(asked);
    interface Found { file: FileRow; object: Omit<ObjectRow, 'datastore_id'> | undefined }
    const found = await this.#parts.storage.transact<Found>(actor, async (tx) => {
      const file = await findFile(tx, project.id, id);
      await requireMayOpen(tx, principal, file.created_by);
      if (file.object_id === null) return { result: { file, object: undefined }, entry: { kind: 'data_key.released', object: file.id, projectId: project.id, facts: { purpose: 'read', designated: true } } };
      const object = await tx.selectFrom('objects').selectAll().where('id', '=', file.object_id).executeTakeFirstOrThrow();
      return { result: { file, object }, entry: keyEntry('data_key.released', object, { purpose: 'read', object: file.id }) };
    });
    const { file, object } = found;
    if (!object) return { storage: 'designated', datastore: file.datastore_id, path: file.path ?? '', bytes: file.bytes, filename: file.filename };
    return { storage: 'sealed', sealedAs: sealedAs(object), sealedBytes: object.sealed_bytes ?? 0, bytes: file.bytes, filename: file.filename, order: this.order('release', 'read', object, actor, recipient) };
  }

  /** The sealed bytes of a stored object. @throws Refusal */
  async read(id: string, range: { offset: number; length?: number }): Promise<AsyncIterable<Buffer>> {
    const { store } = await this.#row(id);
    return await store.read(id, range).catch((error: unknown) => { throw error instanceof StoreError && error.code === 'not_found' ? new Refusal('file_not_found') : storeRefusal(error); });
  }

  #expect(id: string): void { this.#expected.set(id, performance.now() + patience); }

  /** What nobody is writing goes: left behind by earlier processes, by gateways that died, and where giving it up failed. Tried again until it is done. */
  start(): void {
    const sweep = (): void => { this.#sweep().catch(() => undefined); };
    sweep();
    this.#timer = setInterval(sweep, sweepEveryMs).unref();
  }

  async #sweep(): Promise<void> {
    const rows = await this.#parts.storage.read((db) => db.selectFrom('objects').select(['id', 'project_id']).where('state', '=', 'writing').execute());
    for (const { id, project_id } of rows) if (!this.#isExpected(id)) void this.#lanes.take(project_id, id, () => this.#giveUp(id));
    const unfinished = new Set(rows.map(({ id }) => id));
    for (const [id, until] of this.#expected) if (until <= performance.now() && !unfinished.has(id)) this.#expected.delete(id);
  }

  #isExpected(id: string): boolean { return this.#arriving.has(id) || (this.#expected.get(id) ?? 0) > performance.now(); }

  async #giveUp(id: string): Promise<void> {
    if (!this.#isExpected(id)) await this.abandon(id).then(() => events.objectAbandoned(id), () => events.objectNotAbandoned(id));
  }

  close(): void { clearInterval(this.#timer); }
}

const isGone = (error: unknown): boolean => error instanceof Refusal && error.code === 'file_not_found';

export function keyEntry(kind: 'data_key.created' | 'data_key.released' | 'data_key.destroyed', object: Pick<ObjectRow, 'id' | 'project_id' | 'kind'>, facts: LedgerEntryInput['facts']): LedgerEntryInput {
  return { kind, object: object.id, projectId: object.project_id, facts: { of: object.kind, ...facts } };
}
export { sealedAs };
