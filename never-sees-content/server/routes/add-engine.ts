import type { operations } from '#contract/operations.ts';
import { viewEngine } from '../../engines/view-engine.ts';
import { identifier } from '../../identity/identifier.ts';
import { isDuplicate } from '../../storage/storage.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const addEngine: Handler<typeof operations.addEngine> = async ({ body, actor }, { storage }) => {
  const row = {
    id: identifier('eng'), name: body.name, url: body.url.replace(/\/+$/, ''), model_name: body.model, served_model: body.servedModel ?? null, dialect: body.dialect,
    credential_file: body.credentialFile ?? null, ca_file: body.caFile ?? null, client_certificate_file: body.clientCertificateFile ?? null, client_key_file: body.clientKeyFile ?? null,
    created_at: new Date().toISOString(), created_by: actor.id,
  };
  const { username, password, protocol } = new URL(body.url);
  if (username || password) throw new Refusal('invalid_request', 'url');
  if (protocol === 'http:' && (body.caFile ?? body.clientCertificateFile) !== undefined) throw new Refusal('invalid_request', 'caFile');
  try {
    await storage.transact(actor, async (tx) => {
      const model = await tx.selectFrom('model_versions').select('digest').where('name', '=', body.model).executeTakeFirst();
      if (!model) throw new Refusal('model_not_found', 'model');
      await tx.insertInto('engines').values(row).execute();
      return { result: undefined, entry: { kind: 'engine.added', object: row.id, projectId: null, facts: { name: row.name, url: row.url, model: row.model_name, dialect: row.dialect, pinnedAuthority: row.ca_file !== null } } };
    });
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
  return viewEngine(row);
};
