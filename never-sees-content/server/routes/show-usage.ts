import type { operations } from '#contract/operations.ts';
import { sumUsage } from '../../metering/sum-usage.ts';
import type { Handler } from '../handler.ts';

export const showUsage: Handler<typeof operations.showUsage> = async ({ project, query }, { storage }) => {
  const data = await storage.read((db) => sumUsage(db, project.id, query));
  const sum = (field: 'requests' | 'promptTokens' | 'cachedTokens' | 'outputTokens'): number => data.reduce((total, row) => total + row[field], 0);
  return { data, totals: { requests: sum('requests'), promptTokens: sum('promptTokens'), cachedTokens: sum('cachedTokens'), outputTokens: sum('outputTokens') } };
};
