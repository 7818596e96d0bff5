import type { operations } from '#contract/operations.ts';
import { findDeployment, viewDeployment } from '../../deployments/view.ts';
import type { Handler } from '../handler.ts';

export const showDeployment: Handler<typeof operations.showDeployment> = async ({ project, params }, context) =>
  viewDeployment(await context.storage.read((db) => findDeployment(db, project.id, { name: params.deployment })), context);
