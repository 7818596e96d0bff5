import type { operations } from '#contract/operations.ts';
import { viewEncryption } from '../../encryption/change-keys.ts';
import type { Handler } from '../handler.ts';

export const showEncryption: Handler<typeof operations.showEncryption> = async ({ project }, context) => await viewEncryption(context, project);
