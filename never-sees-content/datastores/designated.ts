/** Data that lies where its owner has it: where it is and what opens it, for the gateway, which reads it; and the files that it is named as. Its bytes never come here. */
import type { z } from 'zod';
import type { FileObject } from '#contract/http/files.ts';
import type { DesignateFile, OpenDatastore } from '#contract/internal/datastores.ts';
import { findFile, filesOf, viewFile } from '../files/find-file.ts';
import { allowed } from '../files/objects.ts';
import { requireMayOpen } from '../files/opener.ts';
import { identifier } from '../identity/identifier.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';
import type { Reader } from '../storage/storage.ts';
import { holdProject } from './find-datastore.ts';
import type { DatastoreRow } from './find-datastore.ts';

/** By its name or id. @throws Refusal datastore_not_found */
async function designatedDatastore(db: Reader, projectId: string, datastore: string): Promise<DatastoreRow> {
  const row = await db.selectFrom('datastores').selectAll().where('project_id', '=', projectId).where('use', '=', 'designated').where((eb) => eb.or([eb('name', '=', datastore), eb('id', '=', datastore)])).executeTakeFirst();
  if (!row) throw new Refusal('datastore_not_found', 'datastore');
  return row;
}

/** For whoever may open what lies there: of a file, its readers; of the rest, who works in the project or brought the credential. @throws Refusal */
export async function openDatastore({ principal, recipient, what }: z.output<typeof OpenDatastore.request>, { storage, credentials, keyStates }: ControlContext): Promise<z.output<typeof OpenDatastore.response>> {
  const { actor, project } = allowed(principal);
  // What lies elsewhere is not under the customer's key; a customer who refuses it means everything all the same.
  if (!keyStates.known) throw new Refusal('key_custody_unavailable');
  if (keyStates.denied(project.id)) throw new Refusal('customer_key_denied');
  const row = await storage.read(async (db) => {
    const file = what.kind === 'file' ? await findFile(db, project.id, what.file) : undefined;
    const found = await designatedDatastore(db, project.id, what.kind === 'file' ? file?.datastore_id ?? '' : what.datastore);
    await requireMayOpen(db, principal, file?.created_by ?? found.created_by);
    return found;
  });
  const { id, place, credential: sealed } = row;
  return { id, place, credential: sealed === null ? null : { sealed, order: await credentials.order('open_secret', row, actor, recipient) } };
}

/** @throws Refusal */
export async function designateFile({ principal, datastore, path, purpose, bytes, rows }: z.output<typeof DesignateFile.request>, { storage }: ControlContext): Promise<FileObject> {
  const { actor, project } = allowed(principal);
  const id = identifier('fil');
  return await storage.transact(actor, async (tx) => {
    await holdProject(tx, project.id);
    const row = await designatedDatastore(tx, project.id, datastore);
    await requireMayOpen(tx, principal, row.created_by);
    await tx.insertInto('files').values({
      id, project_id: project.id, datastore_id: row.id, object_id: null, path, filename: path.split('/').at(-1) ?? path, purpose, bytes, rows, state: 'ready', upload_id: null, created_at: new Date().toISOString(), created_by: principal.id, expires_at: null,
    }).execute();
    const file = viewFile(await filesOf(tx, project.id).where('files.id', '=', id).executeTakeFirstOrThrow());
    return { result: file, entry: { kind: 'file.designated', object: id, projectId: project.id, facts: { purpose, bytes, rows, datastore: row.id, geography: row.geography, by: principal.id } } };
  });
}
