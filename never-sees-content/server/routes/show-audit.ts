import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showAudit: Handler<typeof operations.showAudit> = async ({ params }, { audits }) => {
  const audit = await audits.show(params.audit);
  if (!audit) throw new Refusal('audit_not_found', 'audit');
  return audit;
};
