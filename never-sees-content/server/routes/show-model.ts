import type { operations } from '#contract/operations.ts';
import { findVersion } from '../../catalog/find-version.ts';
import { viewModel } from '../../catalog/view-model.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showModel: Handler<typeof operations.showModel> = async ({ params, query }, { storage, memory }) => await storage.read(async (db) => {
  const row = await findVersion(db, params.model, query.version);
  if (!row) throw new Refusal('model_not_found', 'model');
  return await viewModel(db, row, memory);
});
