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

/** A value as far as anybody needs it: a short text, a whole number, or how long a list is and what it adds up to. */
export type GgufValue = string | number | { length: number; sum: number } | undefined;
const listed = 4096;

function scalar(head: Head, type: number): number | undefined {
  switch (type) {
    case 4: return head.u32();
    case 5: return head.take(4).readInt32LE();
    case 10: return head.u64(Number.MAX_SAFE_INTEGER);
    default: head.skip(scalarBytes.get(type) ?? 0); return undefined;
  }
}

function readValue(head: Head, type: number, keep: boolean, depth = 0): GgufValue {
  if (type === 8) return head.string(keep);
  if (type === 9) return readList(head, depth);
  if (!scalarBytes.has(type)) throw new PullFailure('format_unsupported');
  return scalar(head, type);
}

function readList(head: Head, depth: number): GgufValue {
  if (depth > 1) throw new PullFailure('format_unsupported');
  const inner = head.u32();
  const length = head.u64(limits.array);
  const width = scalarBytes.get(inner);
  let sum = 0;
  if (width === undefined) for (let i = 0; i < length; i++) readValue(head, inner, false, depth + 1);
  else if ((inner === 4 || inner === 5) && length <= listed) for (let i = 0; i < length; i++) sum += scalar(head, inner) ?? 0;
  else head.skip(width * length);
  return { length, sum };
}

/** Numbers of a block and its bytes, by tensor type (ggml-org/ggml, `ggml.h` and `ggml-common.h`). */
const blocks = new Map<number, readonly [numbers: number, bytes: number]>([
  [0, [1, 4]], [1, [1, 2]], [2, [32, 18]], [3, [32, 20]], [6, [32, 22]], [7, [32, 24]], [8, [32, 34]], [9, [32, 36]], [10, [256, 84]], [11, [256, 110]], [12, [256, 144]],
  [13, [256, 176]], [14, [256, 210]], [15, [256, 292]], [16, [256, 66]], [17, [256, 74]], [18, [256, 98]], [19, [256, 50]], [20, [32, 18]], [21, [256, 110]], [22, [256, 82]],
  [23, [256, 136]], [24, [1, 1]], [25, [1, 2]], [26, [1, 4]], [27, [1, 8]], [28, [1, 8]], [29, [256, 56]], [30, [1, 2]], [34, [256, 54]], [35, [256, 66]], [39, [32, 17]],
]);

/** `onKey` is told what the head says, key by key. @throws PullFailure format_unsupported */
export function checkGguf(path: string, onKey?: (key: string, value: GgufValue) => void): GgufHead {
  const file = openSync(path, 'r');
  try {
    const head = new Head(file);
    if (head.size < 32 || head.take(4).toString('latin1') !== 'GGUF') throw new PullFailure('format_unsupported');
    const version = head.u32();
    if (version !== 2 && version !== 3) throw new PullFailure('format_unsupported');
    const tensors = head.u64(limits.tensors);
    const keys = head.u64(limits.keys);
    let architecture = '';
    let alignment = 32;
    for (let i = 0; i < keys; i++) {
      const key = head.string(true);
      const type = head.u32();
      if (key === 'general.alignment' && type === 4) { alignment = head.u32(); continue; }
      const value = readValue(head, type, key === 'general.architecture');
      if (key === 'general.architecture' && typeof value === 'string') architecture = value;
      onKey?.(key, value);
    }
    if (tensors === 0 || !/^[a-z0-9_-]{1,40}$/.test(architecture)) throw new PullFailure('format_unsupported');
    if (alignment === 0 || alignment > 65_536) throw new PullFailure('format_unsupported');
    checkTensors(head, tensors, alignment);
    return { version, tensors, architecture, keys };
  } finally { closeSync(file); }
}

/** Every tensor lies inside the file. */
function checkTensors(head: Head, tensors: number, alignment: number): void {
  let end = 0;
  for (let i = 0; i < tensors; i++) {
    head.string(false);
    const dimensions = head.u32();
    if (dimensions > limits.dimensions) throw new PullFailure('format_unsupported');
    let numbers = 1;
    for (let d = 0; d < dimensions; d++) numbers *= head.u64(Number.MAX_SAFE_INTEGER);
    const [perBlock, bytes] = blocks.get(head.u32()) ?? [Math.max(1, numbers), 1]; // of a type that is not known here: at least a byte
    end = Math.max(end, head.u64(Number.MAX_SAFE_INTEGER) + Math.ceil(numbers / perBlock) * bytes);
  }
  if (Math.ceil(head.position / alignment) * alignment + end > head.size) throw new PullFailure('format_unsupported');
}
