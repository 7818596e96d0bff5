import type { operations } from '#contract/operations.ts';
import { findVersion } from '../../catalog/find-version.ts';
import { importVersion } from '../../catalog/import-version.ts';
import { viewModel } from '../../catalog/view-model.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const importModel: Handler<typeof operations.importModel> = async ({ body, actor }, { storage, memory, catalog }) => {
  await importVersion(storage, actor, body);
  catalog.changed(body.name);
  return await storage.read(async (db) => {
    const row = await findVersion(db, body.name, body.version);
    if (!row) throw new Refusal('model_not_found', 'model');
    return await viewModel(db, row, memory);
  });
};
