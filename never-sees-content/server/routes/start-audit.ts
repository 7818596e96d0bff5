import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const startAudit: Handler<typeof operations.startAudit> = async ({ actor }, { audits }) => await audits.start(actor);
