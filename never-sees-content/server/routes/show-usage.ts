import { sql } from 'kysely';
import type { operations } from '#contract/operations.ts';
import type { Handler } from '../handler.ts';

export const showUsage: Handler<typeof operations.showUsage> = async ({ project, query }, { storage }) => {
  const from = query.from ?? '1970-01-01T00:00:00.000Z';
  const to = query.to ?? '9999-12-31T00:00:00.000Z';
  const bucket = query.by === 'total' ? sql<string>`min(u.at)` : sql<string>`date_trunc(${sql.lit(query.by)}, u.at)`;
  const rows = await storage.read((db) => db.selectFrom('usage_records as u').leftJoin('deployments as d', 'd.id', 'u.deployment_id')
    .select([bucket.as('from'), sql<string>`coalesce(d.name, 'deleted-' || right(u.deployment_id, 8))`.as('deployment'), sql<number>`count(*)`.as('requests'),
      sql<number>`sum(u.prompt_tokens)::bigint`.as('promptTokens'), sql<number>`sum(u.cached_tokens)::bigint`.as('cachedTokens'), sql<number>`sum(u.output_tokens)::bigint`.as('outputTokens')])
    .where('u.project_id', '=', project.id).where('u.at', '>=', from).where('u.at', '<', to)
    .$if(query.deployment !== undefined, (select) => select.where('d.name', '=', query.deployment ?? ''))
    .groupBy(query.by === 'total' ? [sql`2`] : [sql`1`, sql`2`]).orderBy(sql`1`).orderBy(sql`2`).execute());
  const sum = (pick: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + pick(row), 0);
  return { data: rows, totals: { requests: sum((row) => row.requests), promptTokens: sum((row) => row.promptTokens), cachedTokens: sum((row) => row.cachedTokens), outputTokens: sum((row) => row.outputTokens) } };
};
