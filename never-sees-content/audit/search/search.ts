/** One search: what it has read, and what it found. Every place is searched by the same few lines, the planted leak too. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Needles } from './needles.ts';

/** `text`: the string that was found; it must not be shown where a hit is told. */
export interface Hit { text: string; place: string; spelling: string }

/** Bytes read at a time. */
const windowSize = 1 << 22;

export class Search {
  readonly hits: Hit[] = [];
  files = 0;
  bytes = 0;
  readonly #needles: Needles;
  readonly #seen = new Set<string>();
  #window: Buffer | undefined;

  constructor(needles: Needles) { this.#needles = needles; }

  /** Searches bytes that are in memory. */
  inBytes(place: string, bytes: Buffer): void {
    this.bytes += bytes.length;
    this.#look(place, bytes);
  }

  inText(place: string, text: string): void { this.inBytes(place, Buffer.from(text)); }

  /** Searches a file to its end, or a part of it. Throws the system's error where it cannot be opened. */
  inFile(path: string, place = path, part: { from: number; length: number } = { from: 0, length: Infinity }): void {
    const file = openSync(path, 'r');
    try {
      this.files++;
      this.inDescriptor(file, place, part);
    } finally { closeSync(file); }
  }

  /** @returns bytes read: fewer than asked for at the end of the file, or where the rest cannot be read */
  inDescriptor(file: number, place: string, { from, length }: { from: number; length: number }): number {
    const window = this.#window ??= Buffer.allocUnsafe(windowSize);
    let done = 0;
    for (let kept = 0; done < length;) {
      const read = readSync(file, window, kept, Math.min(window.length - kept, length - done), from + done);
      if (read === 0) break;
      done += read;
      const seen = window.subarray(0, kept + read);
      this.#look(place, seen);
      kept = Math.min(this.#needles.longest, seen.length);
      seen.copy(window, 0, seen.length - kept);
    }
    this.bytes += done;
    return done;
  }

  #look(place: string, bytes: Buffer): void {
    for (const { name, head, length, known } of this.#needles.spellings) {
      for (let at = bytes.indexOf(head); at >= 0; at = bytes.indexOf(head, at + 1)) {
        const text = known.get(bytes.toString('latin1', at, at + length));
        if (text !== undefined) this.#found({ text, place, spelling: name });
      }
    }
  }

  #found(hit: Hit): void {
    const key = `${hit.text} ${hit.spelling} ${hit.place}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.hits.push(hit);
  }
}
