import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const showHealth: Handler<typeof operations.showHealth> = async (call, context) => await context.health.examine(call, context);
