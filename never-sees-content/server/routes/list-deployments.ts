import type { operations } from '#contract/operations.ts';
import { findDeployments, viewDeployment } from '../../deployments/view.ts';
import type { Handler } from '../handler.ts';

export const listDeployments: Handler<typeof operations.listDeployments> = async ({ project }, context) => {
  const rows = await context.storage.read((db) => findDeployments(db, project.id));
  return { data: rows.map((row) => viewDeployment(row, context)) };
};
