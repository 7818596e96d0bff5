import type { operations } from '#contract/operations.ts';
import { after, cursorAfter } from '../../catalog/search/order.ts';
import type { Handler } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const listModels: Handler<typeof operations.listModels> = async ({ query }, { catalog }) => {
  const { sort, limit, after: cursor, ...filters } = query;
  const { matching, facets } = await catalog.find(sort, filters);
  const rest = cursor === undefined ? matching : after(matching, sort, cursor);
  if (!rest) throw new Refusal('invalid_request', 'after');
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { data: page.map(({ summary }) => summary), total: matching.length, facets, next: last && page.length < rest.length ? cursorAfter(sort, last) : null };
};
