/** Reads the head of a GGUF file and refuses what is not one. Every count and length is bounded before it is used. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { PullFailure } from '../pull/pull-failure.ts';

export interface GgufHead { version: number; tensors: number; architecture: string; keys: number }

const scalarBytes = new Map([[0, 1], [1, 1], [2, 2], [3, 2], [4, 4], [5, 4], [6, 4], [7, 1], [10, 8], [11, 8], [12, 8]]);
const limits = { keys: 65_536, tensors: 1_000_000, string: 64 << 20, array: 16 << 20, dimensions: 4 };

class Head {
  readonly #file: number;
  readonly #size: number;
  #buffer = Buffer.alloc(0);
  #start = 0;
  position = 0;
  constructor(file: number) { this.#file = file; this.#size = fstatSync(file).size; }

  get size(): number { return this.#size; }

  take(bytes: number): Buffer {
    const offset = this.position - this.#start;
    if (offset < 0 || offset + bytes > this.#buffer.length) {
      if (this.position + bytes > this.#size) throw new PullFailure('format_unsupported');
      this.#buffer = Buffer.allocUnsafe(Math.max(bytes, Math.min(1 << 20, this.#size - this.position)));
      const read = readSync(this.#file, this.#buffer, 0, this.#buffer.length, this.position);
      if (read < bytes) throw new PullFailure('format_unsupported');
      this.#buffer = this.#buffer.subarray(0, read);
      this.#start = this.position;
      return this.take(bytes);
    }
    this.position += bytes;
    return this.#buffer.subarray(offset, offset + bytes);
  }

  skip(bytes: number): void { if (this.position + bytes > this.#size) throw new PullFailure('format_unsupported'); this.position += bytes; }
  u32(): number { return this.take(4).readUInt32LE(); }
  u64(limit: number): number {
    const value = this.take(8).readBigUInt64LE();
    if (value > BigInt(limit)) throw new PullFailure('format_unsupported');
    return Number(value);
  }
  string(keep: boolean): string {
    const length = this.u64(limits.string);
    if (keep && length <= 65_536) return this.take(length).toString('utf8');
    this.skip(length);
    return '';
  }
}

function skipValue(head: Head, type: number, keep: boolean, depth = 0): string {
  if (type === 8) return head.string(keep);
  if (type === 9) {
    if (depth > 1) throw new PullFailure('format_unsupported');
    const inner = head.u32();
    const count = head.u64(limits.array);
    const width = scalarBytes.get(inner);
    if (width !== undefined) head.skip(width * count);
    else for (let i = 0; i < count; i++) skipValue(head, inner, false, depth + 1);
    return '';
  }
  const width = scalarBytes.get(type);
  if (width === undefined) throw new PullFailure('format_unsupported');
  head.skip(width);
  return '';
}

/** @throws PullFailure format_unsupported */
export function checkGguf(path: string): GgufHead {
  const file = openSync(path, 'r');
  try {
    const head = new Head(file);
    if (head.size < 32 || head.take(4).toString('latin1') !== 'GGUF') throw new PullFailure('format_unsupported');
    const version = head.u32();
    if (version !== 2 && version !== 3) throw new PullFailure('format_unsupported');
    const tensors = head.u64(limits.tensors);
    const keys = head.u64(limits.keys);
    let architecture = '';
    for (let i = 0; i < keys; i++) {
      const key = head.string(true);
      const value = skipValue(head, head.u32(), key === 'general.architecture');
      if (key === 'general.architecture') architecture = value;
    }
    if (tensors === 0 || !/^[a-z0-9_-]{1,40}$/.test(architecture)) throw new PullFailure('format_unsupported');
    checkTensors(head, tensors);
    return { version, tensors, architecture, keys };
  } finally { closeSync(file); }
}

/** Every tensor's place lies inside the file. */
function checkTensors(head: Head, tensors: number): void {
  let furthest = 0;
  for (let i = 0; i < tensors; i++) {
    head.string(false);
    const dimensions = head.u32();
    if (dimensions > limits.dimensions) throw new PullFailure('format_unsupported');
    for (let d = 0; d < dimensions; d++) head.u64(Number.MAX_SAFE_INTEGER);
    head.u32();
    furthest = Math.max(furthest, head.u64(Number.MAX_SAFE_INTEGER));
  }
  if (head.position + furthest >= head.size) throw new PullFailure('format_unsupported');
}
