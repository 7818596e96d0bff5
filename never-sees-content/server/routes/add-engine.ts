import type { RequestOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import { viewEngine } from '../../engines/view-engine.ts';
import { identifier } from '../../identity/identifier.ts';
import { admitRetention } from '../../retention/admit.ts';
import { isDuplicate } from '../../storage/postgres-errors.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

type Op = typeof operations.addEngine;

export const addEngine: Handler<Op> = async ({ body, actor }, { storage }) => {
  check(body);
  admitRetention(body.retention);
  const row = {
    id: identifier('eng'), name: body.name, url: body.url.replace(/\/+$/, ''), model_name: body.model, served_model: body.servedModel ?? null, dialect: body.dialect,
    credential_file: body.credentialFile ?? null, ca_file: body.caFile ?? null, client_certificate_file: body.clientCertificateFile ?? null,
    client_key_file: body.clientKeyFile ?? null, created_at: new Date().toISOString(), created_by: actor.id,
  };
  try {
    await storage.transact(actor, async (tx) => {
      const model = await tx.selectFrom('model_versions').select('digest').where('name', '=', body.model).limit(1).executeTakeFirst();
      if (!model) throw new Refusal('model_not_found', 'model');
      await tx.insertInto('engines').values(row).execute();
      return { result: undefined, entry: { kind: 'engine.added', object: row.id, projectId: null, facts: {
        name: row.name, url: row.url, model: row.model_name, dialect: row.dialect, pinnedAuthority: row.ca_file !== null, clientCertificate: row.client_certificate_file !== null,
      } } };
    });
  } catch (error) { throw isDuplicate(error) ? new Refusal('name_taken', 'name') : error; }
  return viewEngine(row);
};

/** What the fields' own types cannot say: a credential has no place in the URL, TLS files none at plain HTTP, and a certificate needs its key. */
function check(body: RequestOf<Op>): void {
  const { username, password, search, hash, protocol } = new URL(body.url);
  if (username || password || search || hash) throw new Refusal('invalid_request', 'url');
  const tls = (['caFile', 'clientCertificateFile', 'clientKeyFile'] as const).find((field) => body[field] !== undefined);
  if (protocol === 'http:' && tls) throw new Refusal('invalid_request', tls);
  if ((body.clientCertificateFile === undefined) !== (body.clientKeyFile === undefined)) {
    throw new Refusal('invalid_request', body.clientKeyFile === undefined ? 'clientKeyFile' : 'clientCertificateFile');
  }
}
