import type { ColumnType } from 'kysely';

export interface LedgerTables {
  ledger_entries: { seq: ColumnType<number, number, never>; at: ColumnType<string, string, never>; kind: ColumnType<string, string, never>; object: ColumnType<string, string, never>;
    project_id: ColumnType<string | null, string | null, never>; actor_kind: ColumnType<string, string, never>; actor_id: ColumnType<string, string, never>;
    facts: ColumnType<Record<string, string | number | boolean | null>, string, never>; previous: ColumnType<string, string, never>; hash: ColumnType<string, string, never> };
  ledger_head: { one: boolean; seq: number; hash: string };
}
