/** Data that lies where its owner has it, in storage of the audit's own: named as a file, read there, and copied. Its datastore, with the credential in it, stays while everything is searched. */
import { operations } from '#contract/operations.ts';
import { auditProject } from './api.ts';
import { idOf, Journey } from './journey.ts';
import { throwAwayName } from './own-objects.ts';
import type { Planted, Planting } from './plant.ts';

const { createDatastore, designateFile, fileContent } = operations;

/** @returns what could not be planted, and what was not, since the operator of this installation does not want it */
export async function plantDatastores(planting: Planting): Promise<{ missed: string[]; left: Planted['notPlanted'] }> {
  const { doors, own, bucketServer } = planting;
  const files = new Journey(planting, doors.open, { authorization: `Bearer ${own.token}` });
  // Administrators add datastores.
  const administrator = new Journey(planting, doors.local, { 'x-modelkeep-project': auditProject });
  const secrets = ['accessKeyId', 'secretAccessKey', 'sessionToken'].map((name) => ({ name, ...administrator.cell(createDatastore, `request credential.${name}`, 'complete', { mark: 'secret', mayBeIn: ['custody memory', 'control memory'] }) }));
  const datastore = throwAwayName();
  const made = await administrator.send(createDatastore, { body: {
    name: datastore, use: 'designated', place: { kind: 's3', endpoint: bucketServer.url, region: 'audit', bucket: bucketServer.bucket }, credential: Object.fromEntries(secrets.map(({ name, canary }) => [name, canary])),
  } });
  for (const { cell } of secrets) cell.status = made.status;
  if (made.body.includes('datastore_refused')) return { missed: [], left: [{ operation: 'designateFile', field: 'content of the file', reason: 'the operator limits where datastores may lie (MODELKEEP_STORAGE_ENDPOINTS)' }] };
  for (const copy of [false, true]) {
    const { canary, cell } = files.cell(designateFile, `content of the file${copy ? ', copied' : ''}`, 'complete');
    const path = `${throwAwayName()}.txt`;
    bucketServer.objects.set(path, Buffer.from(canary));
    const file = idOf(await files.ends(cell, designateFile, { params: { datastore }, body: { path, purpose: 'user_data', copy } }));
    const read = await files.send(fileContent, { params: { file } });
    if (!read.body.includes(canary)) cell.status = null;
  }
  return { missed: [...administrator.missed, ...files.missed], left: [] };
}
