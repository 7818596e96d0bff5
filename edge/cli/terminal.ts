/** Writing for people: colours and bars on a terminal, plain lines elsewhere. */
import { forced } from './environment.ts';

const paint = (code: string, stream: { isTTY: boolean } = process.stdout) => (text: string): string => (stream.isTTY && !forced.noColour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const bold = paint('1');
export const dim = paint('2');
export const green = paint('32');
export const red = paint('31');
export const yellow = paint('33');
const alarm = paint('31', process.stderr);
const barOf = (stream: NodeJS.WriteStream) => ({ full: paint('32', stream), empty: paint('2', stream) });
export const mark = (good: boolean): string => (good ? green('✓') : red('✗'));

export const line = (text = ''): void => { process.stdout.write(`${text}\n`); };
export const problem = (text: string): void => { process.stderr.write(`${alarm('modelkeep:')} ${text}\n`); };

/** Text from elsewhere as a terminal may show it: without the characters by which it could move the cursor, rewrite what stands there, or have it read in another direction. */
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '');

/** Columns as wide as their widest cell; the last one is not padded. */
export function table(headings: string[], rows: string[][]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => (row[i] ?? '').length)));
  const format = (cells: string[]): string => cells.map((cell, i) => (i === cells.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ').trimEnd();
  return [dim(format(headings)), ...rows.map(format)].join('\n');
}

/** 1536 -> `1.5 KB`: decimal units, as disks and networks count. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let at = 0;
  let amount = value;
  while (amount >= 999.5 && at < units.length - 1) { amount /= 1000; at++; }
  return `${at === 0 ? amount : amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[at] ?? ''}`;
}

export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.round(seconds));
  return whole < 60 ? `${whole} s` : whole < 3600 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export const count = (value: number): string => value.toLocaleString('en-GB').replaceAll(',', '\u202f');

/** Characters of a bar. */
const barWidth = 24;
/** Milliseconds from one drawing of a bar to the next. */
const drawnEvery = 80;

/** A line that is rewritten on a terminal; elsewhere every new tenth is a line of its own. */
export class Progress {
  readonly #label: string;
  readonly #stream: NodeJS.WriteStream;
  #tenth = -1;
  #start = performance.now();
  #from: number | undefined;
  #drawn = { at: 0, state: '' };
  constructor(label: string, stream: NodeJS.WriteStream = process.stdout) { this.#label = label; this.#stream = stream; }

  /** `total`: null where nobody knows. */
  show(done: number, total: number | null, state: string): void {
    this.#from ??= done;
    const share = total === null || total === 0 ? null : Math.min(1, done / total);
    const rate = (done - this.#from) / Math.max(0.001, (performance.now() - this.#start) / 1000);
    if (!this.#stream.isTTY) {
      const tenth = share === null ? -1 : Math.floor(share * 10);
      if (tenth > this.#tenth) { this.#tenth = tenth; this.#stream.write(`${this.#label}: ${state === '' ? '' : `${state} `}${tenth * 10} %\n`); }
      return;
    }
    if (performance.now() < this.#drawn.at + drawnEvery && state === this.#drawn.state) return;
    this.#drawn = { at: performance.now(), state };
    const filled = share === null ? 0 : Math.round(share * barWidth);
    const eta = share !== null && rate > 0 && total !== null ? duration((total - done) / rate) : '–';
    this.#stream.write(`\r\u001b[K${this.#label} ${this.#bar(filled)} ${bytes(done)}${total === null ? '' : ` of ${bytes(total)}`}  ${bytes(rate)}/s  ${state}${share === 1 ? '' : `  ${eta}`}`);
  }

  /** The same without bytes: for steps that are counted. */
  showShare(done: number, total: number): void {
    const share = Math.min(1, done / Math.max(1, total));
    if (!this.#stream.isTTY) { this.show(done, total, `${done} of ${total}`); return; }
    const filled = Math.round(share * barWidth);
    this.#stream.write(`\r\u001b[K${this.#label} ${this.#bar(filled)} ${Math.round(share * 100)} %`);
  }

  #bar(filled: number): string {
    const { full, empty } = barOf(this.#stream);
    return `${full('█'.repeat(filled))}${empty('░'.repeat(barWidth - filled))}`;
  }

  end(): void { if (this.#stream.isTTY) this.#stream.write('\r\u001b[K'); }
}

/** A wait without a measure. */
export class Spinner {
  readonly #label: string;
  #at = 0;
  constructor(label: string) { this.#label = label; }
  turn(): void { if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'[this.#at++ % 10] ?? ''} ${this.#label}`); }
  end(): void { if (process.stdout.isTTY) process.stdout.write('\r\u001b[K'); }
}
