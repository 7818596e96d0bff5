/**
 * Deletion of a file, in steps that each may be the last before a crash: it is marked; every known copy is tried; its data keys are destroyed; every copy is tried again; bytes are
 * erased; rows go, and the certificate's entry comes, in one transaction. What was begun is finished at the next start.
 */
import { generateKeyPairSync } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { AttemptOutcome, DeletionStatement } from '#contract/deletion.ts';
import type { BlobStore } from '../datastores/blobs/blob-store.ts';
import type { Stores } from '../datastores/stores.ts';
import { sealedAs, storeRefusal } from '../files/objects.ts';
import type { Objects } from '../files/objects.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Actor } from '../ledger/entry.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader, Storage } from '../storage/storage.ts';
import type { DeletionAttempts } from './attempts.ts';
import { Resumed } from './resumed.ts';

interface Parts { storage: Storage; custody: CustodyClient; stores: Stores; objects: Objects; attempts: DeletionAttempts }
/** `object`: undefined of designated data, of which nothing is here; its datastore's credential is not opened either. */
interface Target { file: string; object: { id: string; project_id: string; kind: 'file' | 'part'; sealed_bytes: number | null; store: BlobStore } | undefined; datastore: string; /** Bytes elsewhere are in no backup of ours. */ backedUp: boolean; upload: string | null; actor: Actor }
type Copy = DeletionStatement['copies'][number];
const sealedCopy = 'the sealed bytes';

export class Deletions {
  readonly #parts: Parts;
  readonly #resumed: Resumed;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#resumed = new Resumed(async () => (await parts.storage.read((db) => db.selectFrom('deletions').select(['object as id', 'project_id as project']).where('object', 'like', 'fil\\_%').execute())), (id) => this.#finish(id));
  }

  /** Finishes what was begun, now and until it works. */
  start(): void { this.#resumed.start(); }

  /** Resolves when the certificate's entry is in the ledger. A second deletion of the same file waits for the first. @throws Refusal */
  async deleteFile(actor: Actor, projectId: string, id: string): Promise<void> {
    await this.#parts.storage.transact(actor, async (tx) => {
      const file = await tx.selectFrom('files').select(['id', 'object_id', 'state']).where('id', '=', id).where('project_id', '=', projectId).where('state', '<>', 'writing').forUpdate().executeTakeFirst();
      if (!file && await certified(tx, projectId, id)) return { result: undefined, unchanged: true };
      if (!file) throw new Refusal('file_not_found', 'file');
      if (file.state === 'deleting') return { result: undefined, unchanged: true };
      await tx.updateTable('files').set({ state: 'deleting' }).where('id', '=', id).execute();
      await tx.insertInto('deletions').values({ object: id, project_id: projectId, object_id: file.object_id, actor_kind: actor.kind, actor_id: actor.id, started_at: new Date().toISOString(), before: null }).execute();
      return { result: undefined, entry: { kind: 'file.deletion_started', object: id, projectId, facts: {} } };
    });
    await this.#resumed.run(id);
  }

  async #finish(file: string): Promise<void> {
    const target = await this.#target(file);
    if (!target) return;
    const { before, again } = await this.#tryBefore(target);
    const ended = await this.#destroyKeys(target);
    const leases = again ? undefined : ended;
    const copies = await this.#tryAfter(target, before);
    await this.#erase(target);
    await this.#destroyParts(target);
    await this.#certify(target, copies, leases);
  }

  async #target(file: string): Promise<Target | undefined> {
    const { storage, stores } = this.#parts;
    const row = await storage.read((db) => db.selectFrom('files').innerJoin('deletions', 'deletions.object', 'files.id').innerJoin('datastores', 'datastores.id', 'files.datastore_id')
      .leftJoin('objects', 'objects.id', 'files.object_id')
      .select(['files.project_id', 'files.upload_id', 'objects.id as object', 'objects.kind', 'objects.sealed_bytes', 'datastores.id as datastore', 'datastores.name', 'datastores.place', 'datastores.credential', 'deletions.actor_kind', 'deletions.actor_id'])
      .where('files.id', '=', file).executeTakeFirst());
    if (!row) return undefined;
    return {
      file, datastore: row.name, backedUp: row.place.kind === 'filesystem', upload: row.upload_id, actor: { kind: row.actor_kind as Actor['kind'], id: row.actor_id },
      object: row.object === null || row.kind === null ? undefined
        : { id: row.object, project_id: row.project_id, kind: row.kind, sealed_bytes: row.sealed_bytes, store: await stores.of({ id: row.datastore, project_id: row.project_id, place: row.place, credential: row.credential }) },
    };
  }

  async #try({ object, actor }: Target): Promise<AttemptOutcome | undefined> {
    if (!object) return undefined;
    return await this.#parts.attempts.attempt((recipient) => ({ copy: sealedCopy, sealedAs: sealedAs(object), sealedBytes: object.sealed_bytes ?? 0, order: this.#parts.objects.order('release', 'deletion_proof', object, actor, recipient) }));
  }

  /** That the attempt can succeed: without this, failing afterwards would show nothing. `again`: an earlier run has come as far, and may have destroyed the keys. */
  async #tryBefore(target: Target): Promise<{ before: AttemptOutcome | 'not_tried'; again: boolean }> {
    const { storage } = this.#parts;
    const known = await storage.read((db) => db.selectFrom('deletions').select('before').where('object', '=', target.file).executeTakeFirst());
    const kept = known?.before ? known.before[sealedCopy] ?? 'not_tried' : undefined;
    // Where the keys are still there the next time, it is tried again.
    if (kept && kept !== 'key_unreachable') return { before: kept, again: true };
    const outcome = await this.#try(target);
    // Then they are not, for they were destroyed since: that is no attempt of before.
    if (kept && (outcome === undefined || outcome === 'key_not_found')) return { before: kept, again: true };
    // That nobody could try is kept too: once the keys are destroyed, an attempt would show nothing of before.
    await storage.record((db) => db.updateTable('deletions').set({ before: JSON.stringify(outcome === undefined ? {} : { [sealedCopy]: outcome }) }).where('object', '=', target.file).execute());
    return { before: outcome ?? 'not_tried', again: kept !== undefined };
  }

  /** @returns how many processes held the keys, and hold them no more */
  async #destroyKeys({ object, actor }: Target): Promise<number> {
    if (!object) return 0;
    return (await this.#parts.custody.destroyDataKeys(this.#parts.objects.order('destroy', 'deletion_proof', object, actor, null))).leasesEnded;
  }

  async #tryAfter(target: Target, before: AttemptOutcome | 'not_tried'): Promise<Copy[]> {
    const { object, datastore, actor } = target;
    if (!object) return [];
    // Where no gateway is there to try, custody is asked from here: what it does not have it gives to nobody.
    const after = await this.#try(target) ?? await this.#parts.custody.tryRelease(this.#parts.objects.order('release', 'deletion_proof', object, actor, unusableRecipient));
    // Everything else says that keys are there, or that nobody knows.
    if (after !== 'key_not_found') throw new Refusal('key_custody_unavailable');
    return [{ copy: sealedCopy, place: `datastore ${datastore}`, outcome: 'absent', before, after }];
  }

  async #erase({ object }: Target): Promise<void> {
    if (!object) return;
    await object.store.erase(object.id).catch((error: unknown) => { throw storeRefusal(error); });
    if (await object.store.size(object.id).catch((error: unknown) => { throw storeRefusal(error); }) !== null) throw new Refusal('datastore_unreachable');
  }

  /** Of the upload that it was made of: those that are not swept yet, and what was assembled of them besides and is not acknowledged. */
  async #destroyParts({ upload }: Target): Promise<void> {
    if (upload === null) return;
    const { objects, storage } = this.#parts;
    await objects.destroyParts(upload, 'assembled');
    const others = await storage.read((db) => db.selectFrom('files').innerJoin('objects', 'objects.id', 'files.object_id').select('objects.id').where('files.upload_id', '=', upload).where('objects.state', '=', 'writing').execute());
    for (const { id } of others) await objects.abandon(id);
  }

  async #certify({ file, object, backedUp, upload, actor }: Target, tried: Copy[], leases: number | undefined): Promise<void> {
    await this.#parts.storage.transact(actor, async (tx) => {
      const row = await tx.selectFrom('files').selectAll().where('id', '=', file).where('state', '=', 'deleting').executeTakeFirst();
      if (!row) return { result: undefined, unchanged: true };
      const backups = await backupsSince(tx, row);
      await tx.deleteFrom('files').where('id', '=', file).execute();
      // It has the file's name, size and owner as well.
      if (upload !== null) await tx.deleteFrom('uploads').where('id', '=', upload).execute();
      if (object) await tx.deleteFrom('objects').where('id', '=', object.id).execute();
      await tx.deleteFrom('deletions').where('object', '=', file).execute();
      if (await remains(tx, file, object?.id, upload)) throw new Error('a copy remains');
      const statement = statementOf(row.path !== null, tried, leases, backedUp ? backups : backups.filter(({ kind }) => kind === 'keys'));
      return { result: undefined, entry: { kind: 'file.deleted', object: file, projectId: row.project_id, facts: { purpose: row.purpose, bytes: row.bytes, statement: canonicalJson(statement) } } };
    });
  }

  close(): void { this.#resumed.close(); }
}

/** Its private half was thrown away. */
const unusableRecipient = generateKeyPairSync('x25519').publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');

/** Whether it was deleted before: again is harmless. */
async function certified(tx: Reader, project: string, file: string): Promise<boolean> {
  return await tx.selectFrom('ledger_entries').select('seq').where('object', '=', file).where('project_id', '=', project).where('kind', '=', 'file.deleted').limit(1).executeTakeFirst() !== undefined;
}

async function remains(tx: Reader, file: string, object: string | undefined, upload: string | null): Promise<boolean> {
  const rows = [
    await tx.selectFrom('files').select('id').where('id', '=', file).executeTakeFirst(), object === undefined ? undefined : await tx.selectFrom('objects').select('id').where('id', '=', object).executeTakeFirst(),
    await tx.selectFrom('uploads').select('id').where((eb) => eb.or([eb('file_id', '=', file), eb('id', '=', upload ?? '')])).executeTakeFirst(),
  ];
  return rows.some((row) => row !== undefined);
}

interface Backup { kind: 'data' | 'keys'; taken_at: string; place: string }

/** Those that may have something of a file: of its parts, too, from which it was made. By the ledger's order as well as by time, since a clock may have been set back. */
async function backupsSince(tx: Reader, { id, object_id, upload_id, created_at }: { id: string; object_id: string | null; upload_id: string | null; created_at: string }): Promise<Backup[]> {
  const upload = upload_id === null ? undefined : await tx.selectFrom('uploads').select('created_at').where('id', '=', upload_id).executeTakeFirst();
  const first = await tx.selectFrom('ledger_entries').select((eb) => eb.fn.min<number | null>('seq').as('seq')).where('object', 'in', [id, object_id, upload_id].filter((each) => each !== null)).executeTakeFirstOrThrow();
  return await tx.selectFrom('backups').select(['kind', 'taken_at', 'place']).where((eb) => eb.or([
    eb('taken_at', '>=', upload?.created_at ?? created_at),
    eb('id', 'in', eb.selectFrom('ledger_entries').select('object').where('kind', '=', 'backup.recorded').where('seq', '>', first.seq ?? 0)),
  ])).orderBy('taken_at').execute();
}

/** `leases`: undefined where they were ended by a run that did not come to its end. `backups`: those that were made while the file was there. Whatever they have of it is under the same keys, which were asked for in vain. */
function statementOf(designated: boolean, tried: Copy[], leases: number | undefined, backups: Backup[]): DeletionStatement {
  const after = tried[0]?.after;
  const [data, keys] = [backups.filter(({ kind }) => kind === 'data'), backups.filter(({ kind }) => kind === 'keys')];
  return {
    copies: [
      ...tried,
      ...(designated ? [] : data.map(({ taken_at, place }): Copy => ({ copy: `the sealed bytes in the backup of ${taken_at}`, place, outcome: 'undecryptable', ...(after === undefined ? {} : { after }) }))),
      ...(designated ? [] : [
        { copy: 'its two data keys, wrapped', place: 'key custody', outcome: 'absent' as const, after: 'key_not_found' as const },
        { copy: `released data keys in memory: ${leases === undefined ? '' : `${leases} held at that moment, `}ended by their lease`, place: 'gateways and workers', outcome: 'absent' as const },
        { copy: 'parts and unfinished writes', place: 'the same datastore', outcome: 'absent' as const },
      ]),
      { copy: 'its name, size and owner', place: 'database', outcome: 'absent' },
    ],
    kept: [
      { what: 'entries of the ledger', why: 'what happened stays provable; the file\'s name is not in them' },
      { what: 'replaced rows in the database\'s files, write-ahead log and backups', why: 'the database reuses them later; the file\'s content was never in them' },
    ],
    outOfReach: [
      ...(designated ? [{ what: 'the data itself', why: 'it was named, not copied: it lies where its owner has it' }] : [
        ...keys.map(({ taken_at, place }) => ({ what: `the backup of the keys of ${taken_at}, at ${place}`, why: 'with its passphrase and a copy of the bytes the file can be opened, until it is destroyed or the customer-managed key is revoked' })),
        { what: 'copies of the sealed bytes in snapshots of the disk and in backups that nobody told of', why: 'they are ciphertext, and the keys that opened it are destroyed' },
        { what: 'other copies of the keys folder that the operator took before', why: 'with one of them and a copy of the bytes they could be opened, unless the customer-managed key is revoked' },
      ]),
      { what: 'what was downloaded before', why: 'it is with those who downloaded it; the ledger says who' },
    ],
  };
}
