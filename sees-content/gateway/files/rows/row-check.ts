/** Checks JSON Lines while they arrive, in constant memory. Where the purpose is told only after the file, the rows are judged by every purpose that has rows, and the end decides. */
import { mostRowProblems } from '#contract/http/file-rows.ts';
import type { RowProblem, RowReason } from '#contract/http/file-rows.ts';
import type { FilePurpose } from '#contract/http/files.ts';
import { BatchRows } from './batch-rows.ts';
import { FineTuneRows } from './fine-tune-rows.ts';
import { LineSplitter } from './line-splitter.ts';
import { parseRow } from './parse-row.ts';
import type { Row } from './parse-row.ts';
import { RowsInvalid } from './rows-invalid.ts';

interface Judge { check(row: Row): RowReason | undefined }

const judges: Partial<Record<FilePurpose, () => Judge>> = {
  'fine-tune': () => new FineTuneRows(),
  batch: () => new BatchRows(),
  evals: () => ({ check: () => undefined }),
};

/** A judge with what it found. */
class Verdict {
  readonly purpose: FilePurpose;
  readonly #judge: Judge;
  readonly #problems: RowProblem[] = [];
  /** One problem more was found than is told: nothing that follows can change the answer. */
  full = false;
  constructor(purpose: FilePurpose, judge: Judge) { this.purpose = purpose; this.#judge = judge; }

  judge(line: number, row: Row): void {
    const reason = this.#judge.check(row);
    if (reason) this.add(line, reason);
  }

  add(line: number, reason: RowReason): void {
    if (this.#problems.length === mostRowProblems) this.full = true; else this.#problems.push({ line, reason });
  }

  /** @throws RowsInvalid */
  require(): void { if (this.#problems.length > 0) throw new RowsInvalid(this.#problems, this.full); }
}

export class RowCheck {
  readonly #purpose: FilePurpose | undefined;
  readonly #verdicts: Verdict[];
  readonly #lines = new LineSplitter((line, fault) => this.#take(line, fault));
  #line = 0;
  #rows = 0;
  /** Empty lines that end the file, if no row follows. */
  #empty = 0;

  /** Without a purpose, `end` is told it. */
  constructor(purpose?: FilePurpose) {
    this.#purpose = purpose;
    this.#verdicts = Object.entries(judges).filter(([each]) => purpose === undefined || each === purpose).map(([each, judge]) => new Verdict(each as FilePurpose, judge()));
  }

  /** @throws RowsInvalid as soon as nothing that follows could change it, where the purpose is known. */
  write(chunk: Buffer): void {
    if (!this.#decided) this.#lines.write(chunk);
    if (this.#purpose !== undefined) for (const verdict of this.#verdicts) if (verdict.full) verdict.require();
  }

  /** `rows` is null where the purpose has none. @throws RowsInvalid */
  end(purpose: FilePurpose | undefined = this.#purpose): { rows: number | null } {
    if (purpose === undefined) throw new TypeError('the purpose of the rows is not known');
    const verdict = this.#verdicts.find((each) => each.purpose === purpose);
    if (!verdict) return { rows: null };
    this.#lines.end();
    if (this.#rows === 0) this.#fault('no_rows');
    verdict.require();
    return { rows: this.#rows };
  }

  get #decided(): boolean { return this.#verdicts.every(({ full }) => full); }

  #take(line: string | undefined, fault: RowReason | undefined): void {
    this.#line++;
    if (line !== undefined && isBlank(line)) { this.#empty++; return; }
    for (; this.#empty > 0 && !this.#decided; this.#empty--) this.#fault('row_empty', this.#line - this.#empty);
    this.#rows++;
    const row = line === undefined ? fault : parseRow(line);
    if (typeof row === 'object') { for (const verdict of this.#verdicts) if (!verdict.full) verdict.judge(this.#line, row); } else if (row) this.#fault(row);
  }

  #fault(reason: RowReason, line = Math.max(1, this.#line)): void { for (const verdict of this.#verdicts) if (!verdict.full) verdict.add(line, reason); }
}

const isBlank = (line: string): boolean => line === '' || (line.charCodeAt(0) <= 0x20 && /^[ \t\r]*$/.test(line));
