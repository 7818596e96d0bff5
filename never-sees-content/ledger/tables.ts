import type { ColumnType, Generated } from 'kysely';

export interface LedgerTables {
  ledger_entries: { seq: ColumnType<number, number, never>; at: ColumnType<string, string, never>; kind: ColumnType<string, string, never>; object: ColumnType<string, string, never>;
    project_id: ColumnType<string | null, string | null, never>; actor_kind: ColumnType<string, string, never>; actor_id: ColumnType<string, string, never>;
    facts: ColumnType<Record<string, string | number | boolean | null>, string, never>; previous: ColumnType<string, string, never>; hash: ColumnType<string, string, never>;
    /** 32 random bytes, for the commitment to the facts that are not published. */
    salt: ColumnType<Buffer, Buffer, never> };
  ledger_head: { one: boolean; seq: number; hash: string };
  /** `hashes`: up to 256 of 32 bytes, one after the other; they are only ever added to. */
  ledger_tiles: { level: number; index: number; hashes: Buffer };
  /** `cosignatures`: lines of witnesses, which belong to the end of the note. */
  ledger_checkpoints: { size: number; root: Buffer; note: string; verifier_key: string; at: string; cosignatures: Generated<string> };
  /** `size`: of the checkpoint that it cosigned last. */
  ledger_witnesses: { name: string; size: number };
}
