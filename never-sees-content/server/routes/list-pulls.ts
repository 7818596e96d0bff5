import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const listPulls: Handler<typeof operations.listPulls> = async ({ query }, { pulls }) => ({ data: await pulls.list(query.model) });
