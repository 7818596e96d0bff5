/** Sums a project's usage by deployment and time. */
import { sql } from 'kysely';
import type { QueryOf, ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import type { Reader } from '../storage/storage.ts';

type Op = typeof operations.showUsage;
type Row = ResponseOf<Op>['data'][number];

/** Rows in order of time, then name. A deployment that is gone is shown as `deleted-` and the end of its id. */
export async function sumUsage(db: Reader, projectId: string, query: QueryOf<Op>): Promise<Row[]> {
  const { by, from, to, deployment } = query;
  const start = by === 'total' ? (from === undefined ? sql<string>`min(u.at)` : sql<string>`${from}::timestamptz`) : sql<string>`date_trunc(${sql.lit(by)}, u.at, 'UTC')`;
  const name = sql<string>`coalesce(d.name, 'deleted-' || right(u.deployment_id, 8))`;
  const outcome = (value: 'aborted' | 'failed') => sql<number>`count(*) filter (where u.outcome = ${sql.lit(value)})`;
  const total = (column: 'prompt_tokens' | 'cached_tokens' | 'output_tokens') => sql<number>`sum(${sql.ref(`u.${column}`)})::bigint`;
  return await db.selectFrom('usage_records as u').leftJoin('deployments as d', 'd.id', 'u.deployment_id')
    .select([start.as('from'), name.as('deployment'), sql<number>`count(*)`.as('requests'), outcome('aborted').as('aborted'), outcome('failed').as('failed'),
      total('prompt_tokens').as('promptTokens'), total('cached_tokens').as('cachedTokens'), total('output_tokens').as('outputTokens')])
    .where('u.project_id', '=', projectId)
    .$if(from !== undefined, (select) => select.where('u.at', '>=', from ?? ''))
    .$if(to !== undefined, (select) => select.where('u.at', '<', to ?? ''))
    .$if(deployment !== undefined, (select) => select.where(name, '=', deployment ?? ''))
    .groupBy(by === 'total' ? [sql`2`] : [sql`1`, sql`2`]).orderBy(sql`1`).orderBy(sql`2`).execute();
}
