/** Entries of the ledger as their readers see them: newest first, opened. */
import type { SelectQueryBuilder } from 'kysely';
import type { LedgerEntryView } from '#contract/http/ledger.ts';
import type { Database } from '../storage/database.ts';
import type { Reader } from '../storage/storage.ts';
import { openFactsOf, openingOf } from './leaf.ts';

/** `project`: id of the only project whose entries are read; null reads all. */
export interface Wanted { project: string | null; kind?: string | undefined; object?: string | undefined; actor?: string | undefined; before?: number | undefined; offset: number; limit: number }
type Entries<T> = SelectQueryBuilder<Database, 'ledger_entries', T>;

const ofProject = <T>(select: Entries<T>, project: string | null): Entries<T> => (project === null ? select : select.where('project_id', '=', project));
function matching<T>(select: Entries<T>, { project, kind, object, actor, before }: Wanted): Entries<T> {
  let found = ofProject(select, project);
  if (kind !== undefined) found = found.where('kind', '=', kind);
  if (object !== undefined) found = found.where('object', '=', object);
  if (actor !== undefined) found = found.where('actor_id', '=', actor);
  return before === undefined ? found : found.where('seq', '<=', before);
}

export async function listEntries(db: Reader, wanted: Wanted): Promise<{ data: LedgerEntryView[]; total: number; next: number | null; kinds: { kind: string; count: number }[] }> {
  const { offset, limit } = wanted;
  const rows = await matching(db.selectFrom('ledger_entries'), wanted).selectAll().orderBy('seq', 'desc').offset(offset).limit(limit).execute();
  const { total } = await matching(db.selectFrom('ledger_entries'), wanted).select((by) => by.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const kinds = await ofProject(db.selectFrom('ledger_entries'), wanted.project).select(['kind', (by) => by.fn.countAll<number>().as('count')]).groupBy('kind').orderBy('kind').execute();
  const names = await namesOf(db, [...new Set(rows.map(({ actor_id }) => actor_id))]);
  const data = rows.map((row) => ({
    index: row.seq - 1, at: row.at, kind: row.kind, object: row.object, project: row.project_id, actor: { kind: row.actor_kind, id: row.actor_id, name: names.get(row.actor_id) ?? null },
    facts: openFactsOf(row), opening: openingOf(row),
  }));
  return { data, total, next: offset + rows.length < total ? data.at(-1)?.index ?? null : null, kinds };
}

async function namesOf(db: Reader, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const accounts = await db.selectFrom('accounts').select(['id', 'name']).where('id', 'in', ids).execute();
  const credentials = await db.selectFrom('credentials').select(['id', 'name']).where('id', 'in', ids).execute();
  return new Map([...accounts, ...credentials].flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const])));
}
