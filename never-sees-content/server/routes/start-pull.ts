import type { operations } from '#contract/operations.ts';
import { isDeployable } from '../../catalog/deployable.ts';
import { findVersion } from '../../catalog/find-version.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const startPull: Handler<typeof operations.startPull> = async ({ params, body, actor }, { storage, pulls }) => {
  const row = await storage.read((db) => findVersion(db, params.model, body.version));
  if (!row) throw new Refusal('model_not_found', 'model');
  if (!isDeployable(row.manifest)) throw new Refusal('model_not_deployable', 'model');
  return await pulls.ensure(row, actor);
};
