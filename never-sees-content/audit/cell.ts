/** A cell of the matrix: one canary, where it was planted, what was answered, and where alone it may be found afterwards. */
import type { Mark } from '#contract/marks.ts';
import { makeCanary } from './canary.ts';

/** What a canary may be found in. `answer`: what a caller of the API is told. `engine`: what the audit's own engine receives. */
export type Place = 'files' | 'database' | 'control memory' | 'postgres memory' | 'custody memory' | 'other memory' | 'processes' | 'ledger' | 'answer' | 'engine';

export const outcomes = [
  'complete', 'aborted', 'engine_refuses', 'engine_breaks_off', 'refused_by_validation', 'refused_by_authentication', 'wrong_credential', 'unknown_field', 'unknown_query', 'unknown_path',
  'header', 'broken_json', 'broken_form', 'wrong_media_type', 'too_large', 'cut_off', 'refused_by_rows', 'refused_by_role', 'refused_by_key', 'deleted', 'cancelled', 'engine_answer', 'positive_control',
] as const;
export type Outcome = (typeof outcomes)[number];

export interface Cell {
  id: string; operation: string;
  /** The field with the part of the request that it stands in: `request messages[](user).content`, `header cookie`. */
  field: string; mark: Mark; outcome: Outcome; stream: boolean;
  /** What answers: the sandboxed worker, the audit's own engine behind the gateway, or no engine. */
  engine: 'worker' | 'external' | 'none';
  /** HTTP status, or null where the connection was ended before one came. */
  status: number | null;
  mayBeIn: Place[];
}

/** Every canary of this audit with its cell. */
export class Cells {
  readonly #cells = new Map<string, Cell>();

  /** @returns the new cell's canary, known before it is planted anywhere. */
  add(cell: Omit<Cell, 'id' | 'status' | 'mayBeIn'> & Partial<Cell>): { canary: string; cell: Cell } {
    const canary = makeCanary();
    const made: Cell = { id: `c${String(this.#cells.size + 1).padStart(4, '0')}`, status: null, mayBeIn: [], ...cell };
    this.#cells.set(canary, made);
    return { canary, cell: made };
  }

  /** A string that was not made here and is to be searched for all the same, such as a credential. */
  adopt(text: string, cell: Omit<Cell, 'id'>): void { this.#cells.set(text, { id: `c${String(this.#cells.size + 1).padStart(4, '0')}`, ...cell }); }

  of(canary: string): Cell | undefined { return this.#cells.get(canary); }
  get canaries(): string[] { return [...this.#cells.keys()]; }
  get all(): Cell[] { return [...this.#cells.values()]; }
}
