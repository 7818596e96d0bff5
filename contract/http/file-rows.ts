/** What may be wrong with a row of an uploaded file. A problem names a line and a reason of this table, and never anything that stood in the row. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { rowReasons } from '../row-reasons.ts';
import type { RowReason } from '../row-reasons.ts';

export { rowReasons } from '../row-reasons.ts';
export type { RowReason } from '../row-reasons.ts';

/** Bytes of one row, without its end of line. */
export const mostRowBytes = 2 ** 20;
/** Levels of objects and arrays in one row. */
export const deepestRow = 64;
/** Problems that are told of one file. */
export const mostRowProblems = 20;
/** Rows of a file for `batch`: their ids are held against each other in memory. */
export const mostBatchRows = 100_000;

export const RowProblem = z.object({
  /** From 1. */
  line: pub(z.int().min(1)),
  reason: pub(z.enum(Object.keys(rowReasons) as [RowReason, ...RowReason[]])),
});
export type RowProblem = z.output<typeof RowProblem>;
