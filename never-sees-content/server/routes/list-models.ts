import type { operations } from '#contract/operations.ts';
import { pullStates, viewSummary } from '../../catalog/view-model.ts';
import type { Handler } from '../handler.ts';

export const listModels: Handler<typeof operations.listModels> = async ({ query }, { storage }) => await storage.read(async (db) => {
  const rows = await db.selectFrom('model_versions').selectAll().distinctOn('name').orderBy('name').orderBy('position', 'desc').execute();
  const states = await pullStates(db);
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '');
  return {
    data: rows.map((row) => viewSummary(row, states)).filter((model) => (query.task === undefined || model.task === query.task)
      && words.every((word) => `${model.name} ${model.displayName} ${model.publisher} ${model.summary} ${model.licence}`.toLowerCase().includes(word))),
  };
});
