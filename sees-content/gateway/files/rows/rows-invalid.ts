/** A file whose rows its purpose does not allow: where and why, and nothing of what stood there. */
import type { RowProblem } from '#contract/http/file-rows.ts';
import { GatewayError } from '../../gateway-error.ts';

export class RowsInvalid extends GatewayError {
  readonly rows: readonly RowProblem[];
  /** There are more problems than are told, or may be: the rest of the file was not read. */
  readonly more: boolean;
  constructor(rows: readonly RowProblem[], more: boolean) {
    super('file_rows_invalid', 'file');
    this.rows = rows;
    this.more = more;
  }
}
