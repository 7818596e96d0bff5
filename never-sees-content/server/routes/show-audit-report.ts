import type { operations } from '#contract/operations.ts';
import { readTexts } from '../../audits/reports.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const showAuditReport: Handler<typeof operations.showAuditReport> = async ({ params }, { config }) => {
  const texts = await readTexts(config.dataFolder, params.audit);
  if (!texts) throw new Refusal('audit_not_found', 'audit');
  return texts;
};
