import type { operations } from '#contract/operations.ts';
import { sumUsage } from '../../metering/sum-usage.ts';
import type { Handler } from '../handler.ts';

type Field = 'requests' | 'aborted' | 'failed' | 'promptTokens' | 'cachedTokens' | 'outputTokens';

export const showUsage: Handler<typeof operations.showUsage> = async ({ project, query }, { storage }) => {
  const data = await storage.read((db) => sumUsage(db, project.id, query));
  const sum = (field: Field): number => data.reduce((total, row) => total + row[field], 0);
  const totals = { requests: sum('requests'), aborted: sum('aborted'), failed: sum('failed'), promptTokens: sum('promptTokens'), cachedTokens: sum('cachedTokens'), outputTokens: sum('outputTokens') };
  return { data, totals };
};
