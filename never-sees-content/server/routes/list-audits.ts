import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const listAudits: Handler<typeof operations.listAudits> = async (_call, { audits }) => ({ data: await audits.list() });
