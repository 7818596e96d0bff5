import type { operations } from '#contract/operations.ts';
import { datastoreForWriting } from '../../datastores/find-datastore.ts';
import { findUpload, viewUpload } from '../../files/find-upload.ts';
import { uploadLifeMs } from '../../files/uploads.ts';
import { identifier } from '../../identity/identifier.ts';
import type { Handler } from '../handler.ts';

export const createUpload: Handler<typeof operations.createUpload> = async ({ project, body, actor, principal }, { storage, config }) => {
  const id = identifier('upl');
  return await storage.transact(actor, async (tx) => {
    const { row: datastore, entries } = await datastoreForWriting(tx, project, config.geography, body.datastore);
    const now = Date.now();
    await tx.insertInto('uploads').values({
      id, project_id: project.id, datastore_id: datastore.id, filename: body.filename, purpose: body.purpose, bytes: body.bytes, mime_type: body.mime_type, state: 'pending', file_id: null,
      created_at: new Date(now).toISOString(), created_by: principal.id, expires_at: new Date(now + uploadLifeMs).toISOString(),
    }).execute();
    return { result: await viewUpload(tx, await findUpload(tx, project.id, id)), entries: [...entries, { kind: 'upload.created', object: id, projectId: project.id, facts: { purpose: body.purpose, bytes: body.bytes } }] };
  });
};
