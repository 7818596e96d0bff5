import type { operations } from '#contract/operations.ts';
import { viewEngine } from '../../engines/view-engine.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showEngine: Handler<typeof operations.showEngine> = async ({ params }, { storage }) => {
  const row = await storage.read((db) => db.selectFrom('engines').selectAll().where('name', '=', params.engine).executeTakeFirst());
  if (!row) throw new Refusal('engine_not_found', 'engine');
  return viewEngine(row);
};
