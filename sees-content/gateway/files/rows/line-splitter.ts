/** Bytes in chunks of any size to lines of text. At most one line is held, and no line is copied that lies in one chunk. */
import { isUtf8 } from 'node:buffer';
import { mostRowBytes } from '#contract/http/file-rows.ts';
import type { RowReason } from '#contract/http/file-rows.ts';

type LineFault = Extract<RowReason, 'row_too_long' | 'not_utf8' | 'byte_order_mark'>;
export type TakeLine = (line: string | undefined, fault?: LineFault) => void;

const newline = 0x0a;
const mark = Buffer.from([0xef, 0xbb, 0xbf]);

export class LineSplitter {
  readonly #take: TakeLine;
  /** The beginning of a line whose end has not come. */
  #held = Buffer.alloc(0);
  #size = 0;
  #first = true;

  constructor(take: TakeLine) { this.#take = take; }

  write(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(newline);
    if (end !== -1 && this.#size > 0) {
      this.#hold(chunk, 0, end);
      this.#release();
      start = end + 1;
      end = chunk.indexOf(newline, start);
    }
    // Whole lines of one chunk are told to be UTF-8 at once: a newline is never part of another character.
    const valid = end !== -1 && isUtf8(chunk.subarray(start, chunk.lastIndexOf(newline)));
    for (; end !== -1; end = chunk.indexOf(newline, start)) {
      this.#line(chunk, start, end, valid);
      start = end + 1;
    }
    if (start < chunk.length) this.#hold(chunk, start, chunk.length);
  }

  /** The last line, where no newline ended it. */
  end(): void { if (this.#size > 0) this.#release(); }

  #release(): void {
    this.#line(this.#held, 0, this.#size, false);
    this.#size = 0;
  }

  #line(bytes: Buffer, start: number, end: number, valid: boolean): void {
    const first = this.#first;
    this.#first = false;
    if (end - start > mostRowBytes) this.#take(undefined, 'row_too_long');
    else if (first && bytes.subarray(start, Math.min(end, start + 3)).equals(mark)) this.#take(undefined, 'byte_order_mark');
    else if (!valid && !isUtf8(bytes.subarray(start, end))) this.#take(undefined, 'not_utf8');
    else this.#take(bytes.toString('utf8', start, end));
  }

  /** Of a line that is too long, one byte more is held than is allowed. */
  #hold(chunk: Buffer, start: number, end: number): void {
    const size = Math.min(this.#size + end - start, mostRowBytes + 1);
    if (size > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(size, 2 * this.#held.length, 2 ** 16), mostRowBytes + 1));
      this.#held.copy(larger, 0, 0, this.#size);
      this.#held = larger;
    }
    chunk.copy(this.#held, this.#size, start, start + size - this.#size);
    this.#size = size;
  }
}
