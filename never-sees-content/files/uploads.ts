/** Uploads in parts: begun, assembled, given up, expired. */
import type { z } from 'zod';
import type { AssembleUpload, PartOrder } from '#contract/internal/objects.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { Actor } from '../ledger/entry.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { findOpenUpload, findUpload } from './find-upload.ts';
import type { UploadRow } from './find-upload.ts';
import { Lanes } from './lanes.ts';
import { allowed, keyEntry, sealedAs, system } from './objects.ts';
import type { Objects } from './objects.ts';
import { requireMayOpen } from './opener.ts';

/** How long an upload may take. */
export const uploadLifeMs = 86_400_000;
const sweepEveryMs = 60_000;
type Closed = Pick<UploadRow, 'id' | 'project_id' | 'state'>;

export class Uploads {
  readonly #storage: Storage;
  readonly #objects: Objects;
  readonly #lanes = new Lanes();
  #timer: NodeJS.Timeout | undefined;

  constructor(storage: Storage, objects: Objects) {
    this.#storage = storage;
    this.#objects = objects;
  }

  start(): void {
    const sweep = (): void => { this.sweep().catch(() => undefined); };
    sweep();
    this.#timer = setInterval(sweep, sweepEveryMs).unref();
  }

  /** @throws Refusal */
  async assemble({ principal, upload: id, parts: wanted, recipient }: z.output<typeof AssembleUpload.request>): Promise<z.output<typeof AssembleUpload.response>> {
    const { actor, project: { id: projectId } } = allowed(principal);
    return await this.#storage.transact(actor, async (tx) => {
      const upload = await findOpenUpload(tx, projectId, id);
      await requireMayOpen(tx, principal, upload.created_by);
      const rows = await tx.selectFrom('upload_parts').innerJoin('objects', 'objects.id', 'upload_parts.object_id').where('upload_id', '=', id).where('objects.state', '=', 'stored')
        .select(['upload_parts.id as part', 'upload_parts.bytes', 'objects.id', 'objects.project_id', 'objects.kind', 'objects.sealed_bytes']).execute();
      const byId = new Map(rows.map((row) => [row.part, row]));
      const parts = wanted.map((part) => { const row = byId.get(part); if (!row) throw new Refusal('part_not_found', 'part_ids'); return row; });
      if (new Set(wanted).size !== wanted.length) throw new Refusal('invalid_request', 'part_ids');
      if (parts.reduce((sum, { bytes }) => sum + bytes, 0) !== upload.bytes) throw new Refusal('upload_incomplete', 'part_ids');
      const file = await this.#objects.beginAssembled(tx, upload);
      return {
        result: {
          upload: id, bytes: upload.bytes, purpose: upload.purpose,
          file: { id: file.id, sealedAs: sealedAs(file.object), order: this.#objects.order('create', 'upload', file.object, actor, recipient) },
          parts: parts.map((part) => ({ sealedAs: sealedAs(part), sealedBytes: part.sealed_bytes ?? 0, bytes: part.bytes })),
        },
        entries: [file.entry],
      };
    });
  }

  /** @throws Refusal */
  async partOrder({ principal, upload: id, object: objectId, recipient }: z.output<typeof PartOrder.request>): Promise<SignedOrder> {
    const { actor, project: { id: projectId } } = allowed(principal);
    const object = await this.#storage.transact(actor, async (tx) => {
      const upload = await findOpenUpload(tx, projectId, id);
      await requireMayOpen(tx, principal, upload.created_by);
      const row = await tx.selectFrom('objects').innerJoin('upload_parts', 'upload_parts.object_id', 'objects.id').where('objects.id', '=', objectId).where('upload_parts.upload_id', '=', id)
        .select(['objects.id', 'objects.project_id', 'objects.kind', 'upload_parts.id as part']).executeTakeFirst();
      if (!row) throw new Refusal('part_not_found');
      return { result: row, entry: keyEntry('data_key.released', row, { purpose: 'assemble', object: row.part }) };
    });
    return this.#objects.order('release', 'assemble', object, actor, recipient);
  }

  /** @throws Refusal */
  async cancel(actor: Actor, projectId: string, id: string): Promise<UploadRow> {
    const row = await this.#storage.transact(actor, async (tx) => {
      await findOpenUpload(tx, projectId, id);
      await tx.updateTable('uploads').set({ state: 'cancelled' }).where('id', '=', id).execute();
      return { result: await findUpload(tx, projectId, id), entry: { kind: 'upload.cancelled', object: id, projectId, facts: {} } };
    });
    await this.#objects.destroyParts(id, 'cancelled');
    return row;
  }

  /** Closes what is late, and destroys the parts of every upload that is closed. */
  async sweep(): Promise<void> {
    const late = await this.#storage.read((db) => db.selectFrom('uploads').select(['id', 'project_id']).where('state', '=', 'pending').where('expires_at', '<=', new Date().toISOString()).execute());
    for (const { id, project_id } of late) {
      await this.#storage.transact(system, async (tx) => {
        const { numUpdatedRows } = await tx.updateTable('uploads').set({ state: 'expired' }).where('id', '=', id).where('state', '=', 'pending').executeTakeFirst();
        return numUpdatedRows === 0n ? { result: undefined, unchanged: true } : { result: undefined, entry: { kind: 'upload.expired', object: id, projectId: project_id, facts: {} } };
      });
    }
    await Promise.all((await this.#closed()).map(async (upload) => await this.#lanes.take(upload.project_id, upload.id, () => this.#destroyParts(upload))));
  }

  /** The same of one project. @throws Refusal where one has to be tried again */
  async destroyClosed(projectId: string): Promise<void> { for (const upload of await this.#closed()) if (upload.project_id === projectId) await this.#destroyParts(upload); }

  /** Uploads whose parts are needed no more, and are there. */
  async #closed(): Promise<Closed[]> {
    return await this.#storage.read((db) => db.selectFrom('uploads').innerJoin('upload_parts', 'upload_parts.upload_id', 'uploads.id').innerJoin('objects', 'objects.id', 'upload_parts.object_id')
      .select(['uploads.id', 'uploads.project_id', 'uploads.state']).where('uploads.state', '<>', 'pending').where('objects.state', '=', 'stored').distinct().execute());
  }

  async #destroyParts({ id, state }: Closed): Promise<void> { await this.#objects.destroyParts(id, state === 'completed' ? 'assembled' : state === 'cancelled' ? 'cancelled' : 'expired'); }

  close(): void { clearInterval(this.#timer); }
}
