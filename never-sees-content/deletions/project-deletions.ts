/**
 * Deletion of a project: it takes nothing new, each of its files is deleted with a certificate of its own, then its platform keys and what it knew of a customer-managed key are
 * destroyed, and its rows go. Each step may be the last before a crash; what was begun is finished at the next start.
 */
import { canonicalJson } from '#contract/canonical-json.ts';
import type { DeletionStatement } from '#contract/deletion.ts';
import type { Stores } from '../datastores/stores.ts';
import { deletionStatement } from '../deployments/deletion-statement.ts';
import type { Objects } from '../files/objects.ts';
import { system } from '../files/objects.ts';
import type { Uploads } from '../files/uploads.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Actor, LedgerEntryInput } from '../ledger/entry.ts';
import type { OrderSigner } from '../orders/order-signer.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage, Writer } from '../storage/storage.ts';
import type { Deletions } from './deletions.ts';
import { Resumed } from './resumed.ts';

interface Parts { storage: Storage; stores: Stores; custody: CustodyClient; orders: OrderSigner; objects: Objects; uploads: Uploads; deletions: Deletions }

export class ProjectDeletions {
  readonly #parts: Parts;
  readonly #resumed: Resumed;
  /** Called when credentials and deployments are gone. */
  onChange: () => Promise<void> = () => Promise.resolve();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#resumed = new Resumed(async () => await parts.storage.read((db) => db.selectFrom('projects').select(['id', 'id as project']).where('deleting', '=', true).execute()), (id) => this.#finish(id));
  }

  start(): void { this.#resumed.start(); }

  /** Resolves when the certificate's entry is in the ledger. @throws Refusal */
  async deleteProject(actor: Actor, name: string): Promise<string> {
    const id = await this.#parts.storage.transact(actor, async (tx) => {
      const project = await tx.selectFrom('projects').selectAll().where('name', '=', name).forUpdate().executeTakeFirst();
      if (!project) throw new Refusal('project_not_found', 'project');
      if (project.name === 'default') throw new Refusal('project_required', 'project');
      if (project.deleting) return { result: project.id, unchanged: true };
      await tx.updateTable('projects').set({ deleting: true }).where('id', '=', project.id).execute();
      await tx.insertInto('deletions').values({ object: project.id, project_id: project.id, object_id: null, actor_kind: actor.kind, actor_id: actor.id, started_at: new Date().toISOString(), before: null }).execute();
      return { result: project.id, entries: [{ kind: 'project.deletion_started', object: project.id, projectId: project.id, facts: {} }, ...await closeDoors(tx, project.id)] };
    });
    await this.onChange();
    await this.#resumed.run(id);
    return id;
  }

  async #finish(id: string): Promise<void> {
    const { storage, stores, custody, orders, objects, uploads, deletions } = this.#parts;
    const begun = await storage.read((db) => db.selectFrom('deletions').select(['actor_kind', 'actor_id']).where('object', '=', id).executeTakeFirst());
    if (!begun) return;
    const actor = { kind: begun.actor_kind as Actor['kind'], id: begun.actor_id };
    const open = await storage.read((db) => db.selectFrom('uploads').select('id').where('project_id', '=', id).where('state', '=', 'pending').execute());
    for (const upload of open) await uploads.cancel(system, id, upload.id).catch((error: unknown) => { if (!(error instanceof Refusal)) throw error; });
    await uploads.destroyClosed(id);
    for (const object of await storage.read((db) => db.selectFrom('objects').select('id').where('project_id', '=', id).where('state', '=', 'writing').execute())) await objects.abandon(object.id);
    for (const file of await storage.read((db) => db.selectFrom('files').select('id').where('project_id', '=', id).execute())) await deletions.deleteFile(actor, id, file.id);
    await custody.changeProjectKeys(orders.aboutProject({ action: 'destroy_project', project: id, secret: null, principal: actor, recipient: null }));
    for (const datastore of await storage.read((db) => db.selectFrom('datastores').select('id').where('project_id', '=', id).execute())) stores.forget(datastore.id);
    await this.#certify(id, actor);
  }

  async #certify(id: string, actor: Actor): Promise<void> {
    await this.#parts.storage.transact(actor, async (tx) => {
      const project = await tx.selectFrom('projects').selectAll().where('id', '=', id).where('deleting', '=', true).forUpdate().executeTakeFirst();
      if (!project) return { result: undefined, unchanged: true };
      const left = await tx.selectFrom('objects').select('id').where('project_id', '=', id).limit(1).executeTakeFirst() ?? await tx.selectFrom('files').select('id').where('project_id', '=', id).limit(1).executeTakeFirst();
      if (left) throw new Error('a copy remains');
      const { files } = await tx.selectFrom('ledger_entries').select((eb) => eb.fn.countAll<number>().as('files')).where('project_id', '=', id).where('kind', '=', 'file.deleted').executeTakeFirstOrThrow();
      for (const table of ['uploads', 'datastores', 'credentials', 'account_roles', 'deletions'] as const) await tx.deleteFrom(table).where('project_id', '=', id).execute();
      await tx.deleteFrom('projects').where('id', '=', id).execute();
      return { result: undefined, entry: { kind: 'project.deleted', object: id, projectId: id, facts: { name: project.name, count: files, statement: canonicalJson(statementOf(files)) } } };
    });
    await this.onChange();
  }

  close(): void { this.#resumed.close(); }
}

/** Nobody and nothing acts for the project any more. */
async function closeDoors(tx: Writer, id: string): Promise<LedgerEntryInput[]> {
  const entries: LedgerEntryInput[] = [];
  for (const deployment of await tx.deleteFrom('deployments').where('project_id', '=', id).returning(['id', 'name']).execute()) {
    entries.push({ kind: 'deployment.deleted', object: deployment.id, projectId: id, facts: { name: deployment.name, statement: await deletionStatement(tx, deployment.id) } });
  }
  for (const token of await tx.updateTable('credentials').set({ revoked_at: new Date().toISOString() }).where('project_id', '=', id).where('revoked_at', 'is', null).returning('id').execute()) {
    entries.push({ kind: 'token.revoked', object: token.id, projectId: id, facts: {} });
  }
  return entries;
}

const statementOf = (files: number): DeletionStatement => ({
  copies: [
    { copy: `its files: ${files}, each with a certificate of its own in the ledger`, place: 'datastores', outcome: 'absent' },
    { copy: 'its platform keys, every version', place: 'key custody', outcome: 'absent' },
    { copy: 'where its customer-managed key is, and the credential for it', place: 'key custody', outcome: 'absent' },
    { copy: 'its deployments, tokens, datastores, uploads and roles', place: 'database', outcome: 'absent' },
  ],
  kept: [{ what: 'usage records', why: 'what was used is billed' }, { what: 'entries of the ledger', why: 'what happened stays provable' }],
  outOfReach: [
    { what: 'the customer-managed key itself', why: 'it is the customer\'s, at the customer\'s provider' },
    { what: 'copies of the keys folder that the operator took before', why: 'with one of them and a copy of the bytes files could be opened, unless the customer-managed key is revoked' },
    { what: 'what was downloaded before', why: 'it is with those who downloaded it; the ledger says who' },
  ],
});
