import type { operations } from '#contract/operations.ts';
import { viewEngine } from '../../engines/view-engine.ts';
import type { Handler } from '../handler.ts';

export const listEngines: Handler<typeof operations.listEngines> = async (_call, { storage }) =>
  ({ data: (await storage.read((db) => db.selectFrom('engines').selectAll().orderBy('created_at').execute())).map(viewEngine) });
