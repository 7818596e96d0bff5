/**
 * Server-sent events as bytes. Frames pass through without being parsed, unless their bytes show that they are one of three: usage, an error, the end.
 * (Inside a JSON string a quote is escaped, so `"usage":` can only be a key.)
 */
export type Frame = { kind: 'data'; bytes: Buffer; frames: number } | { kind: 'usage'; bytes: Buffer; text: string } | { kind: 'error'; text: string } | { kind: 'done' } | { kind: 'malformed' };

const largest = 1 << 20;
const marks = { usage: Buffer.from('"usage":'), error: Buffer.from('"error":'), done: Buffer.from('[DONE]') };
const LF = 0x0a;
const CR = 0x0d;
const N = 0x6e;
const D = 0x64;
const BRACE = 0x7d;

/** True where the frame has a usage that is not null. */
function hasUsage(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(marks.usage); at >= 0; at = bytes.indexOf(marks.usage, at + 1)) {
    let next = at + marks.usage.length;
    while (bytes[next] === 0x20) next++;
    if (bytes[next] !== N) return true;
  }
  return false;
}

/** Index after the end of the first frame at or after `from`, or -1. */
function endOfFrame(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** A data frame holds a document: it ends with a brace. (Whether all between is JSON is not looked at: that would cost more than all the rest.) */
function wellFormed(bytes: Buffer, start: number, end: number): boolean {
  let last = end - 1;
  while (last > start && (bytes[last] === LF || bytes[last] === CR)) last--;
  return bytes[start] !== D || bytes[last] === BRACE;
}

const dataOf = (bytes: Buffer): string => bytes.toString('utf8').split(/\r?\n/).filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trimStart()).join('\n');

export class FrameReader {
  /** The frame that is not complete yet, in the pieces that it came in. */
  #parts: Buffer[] = [];
  #size = 0;

  /** Frames that are complete with this chunk, in order. */
  push(chunk: Buffer): Frame[] {
    if (this.#size > 0 && !this.#completes(chunk)) return this.#keep(chunk);
    const bytes = this.#size > 0 ? Buffer.concat([...this.#parts, chunk]) : chunk;
    this.#parts = [];
    this.#size = 0;
    const plain = !bytes.includes(marks.usage) && !bytes.includes(marks.error) && !bytes.includes(marks.done);
    const result: Frame[] = [];
    let start = 0;
    let count = 0;
    for (let end = endOfFrame(bytes, 0); end >= 0; end = endOfFrame(bytes, start)) {
      count++;
      if (plain && !wellFormed(bytes, start, end)) return [...result, { kind: 'malformed' }];
      if (!plain) result.push(classify(bytes.subarray(start, end)));
      start = end;
    }
    if (plain && count > 0) result.push({ kind: 'data', bytes: bytes.subarray(0, start), frames: count });
    return start < bytes.length ? [...result, ...this.#keep(bytes.subarray(start))] : result;
  }

  /** Whether the end of a frame is in this chunk, or lies across its beginning. Looked for before anything is put together: chunks may be tiny. */
  #completes(chunk: Buffer): boolean {
    const tail = Buffer.concat(this.#parts.slice(-3)).subarray(-3);
    return endOfFrame(Buffer.concat([tail, chunk]), 0) >= 0;
  }

  #keep(rest: Buffer): Frame[] {
    this.#parts.push(rest);
    this.#size += rest.length;
    if (this.#size <= largest) return [];
    this.#parts = [];
    this.#size = 0;
    return [{ kind: 'malformed' }];
  }
}

function classify(bytes: Buffer): Frame {
  if (bytes.length < 64 && bytes.includes(marks.done) && dataOf(bytes) === '[DONE]') return { kind: 'done' };
  if (bytes.includes(marks.error)) { const text = dataOf(bytes); if (/^\{\s*"error":/.test(text) || bytes.subarray(0, 12).includes('event: error')) return { kind: 'error', text }; }
  if (hasUsage(bytes)) return { kind: 'usage', bytes, text: dataOf(bytes) };
  return wellFormed(bytes, 0, bytes.length) ? { kind: 'data', bytes, frames: 1 } : { kind: 'malformed' };
}
