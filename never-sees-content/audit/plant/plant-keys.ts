/** Files under a customer-managed key, whose credential is in use while everything is searched. In a project of its own: keys are changed here, and what other requests store is not to wait for that. */
import { operations } from '#contract/operations.ts';
import { Api } from './api.ts';
import type { Door } from './door.ts';
import { Journey } from './journey.ts';
import type { Planting } from './plant.ts';

const { createFile, fileContent, createProject, deleteProject, setCustomerKey, rotateKeys, disableCustomerKey, enableCustomerKey } = operations;
export const keysProject = 'modelkeep-audit-keys';

/** @returns what could not be planted */
export async function plantKeys(planting: Planting): Promise<string[]> {
  const { doors, keyServer, cells } = planting;
  await sweepKeys(doors.local);
  const keys = new Journey(planting, doors.local, { 'x-modelkeep-project': keysProject });
  await plantDeletion(planting, keys);
  await create(doors.local);
  // The ledger says which key wraps.
  const named = keys.cell(setCustomerKey, 'request settings(vault).key', 'complete', { mark: 'personal', mayBeIn: ['custody memory', 'control memory', 'postgres memory', 'files', 'database', 'answer'] });
  const token = cells.of(keyServer.token);
  const set = await keys.ends(named.cell, setCustomerKey, { body: { settings: { provider: 'vault', address: keyServer.url, key: named.canary }, credential: { token: keyServer.token } } });
  if (token) token.status = set.status;
  await storeAndRead(keys, 'under a customer-managed key');
  await keys.send(rotateKeys, { body: { layer: 'both' } });
  await storeAndRead(keys, 'under a new version of it');
  const file = await keys.store(createFile, 'audit');
  await keys.send(disableCustomerKey, { body: {} });
  const refused = keys.cell(createFile, 'request file', 'refused_by_key');
  await keys.store(createFile, refused.canary, 'user_data', refused.cell);
  await keys.send(fileContent, { params: { file } });
  await keys.send(enableCustomerKey, { body: {} });
  return keys.missed;
}

const create = async (local: Door): Promise<void> => { await new Api(local, 'default').ask(createProject, { body: { name: keysProject } }); };

/** Nothing is left of the files of a project that is deleted. */
async function plantDeletion({ doors }: Planting, keys: Journey): Promise<void> {
  const { canary, cell } = keys.cell(deleteProject, 'content of its files', 'deleted');
  await create(doors.local);
  await keys.store(createFile, canary);
  await keys.ends(cell, deleteProject, { params: { project: keysProject } });
}

async function storeAndRead(keys: Journey, how: string): Promise<void> {
  const { canary, cell } = keys.cell(createFile, `request file ${how}`, 'complete');
  await keys.send(fileContent, { params: { file: await keys.store(createFile, canary, 'user_data', cell) } });
}

/** Also where the key's provider is gone. */
export async function sweepKeys(local: Door): Promise<void> { await new Api(local, 'default').call(deleteProject, { params: { project: keysProject } }, [404]); }
