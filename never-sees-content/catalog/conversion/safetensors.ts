/** Reads a safetensors file: its header, hardened, and its tensors one at a time. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';

const Entry = z.object({ dtype: z.enum(['F32', 'F16', 'BF16', 'I64', 'I32']), shape: z.array(z.int().min(0).max(2 ** 31)).max(4), data_offsets: z.tuple([z.int().min(0), z.int().min(0)]) });
type Entry = z.output<typeof Entry>;
const widths = { F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4 };

export class Safetensors {
  readonly #file: number;
  readonly #base: number;
  readonly entries = new Map<string, Entry>();

  constructor(path: string) {
    this.#file = openSync(path, 'r');
    const size = fstatSync(this.#file).size;
    const head = this.#read(0, 8);
    const length = Number(head.readBigUInt64LE());
    if (!Number.isSafeInteger(length) || length > 100 << 20 || 8 + length > size) throw new Error('header');
    this.#base = 8 + length;
    const parsed = JSON.parse(this.#read(8, length).toString('utf8')) as Record<string, unknown>;
    for (const [name, value] of Object.entries(parsed)) {
      if (name === '__metadata__') continue;
      const entry = Entry.parse(value);
      const [from, to] = entry.data_offsets;
      if (to - from !== entry.shape.reduce((product, each) => product * each, 1) * widths[entry.dtype] || this.#base + to > size) throw new Error('tensor');
      this.entries.set(name, entry);
    }
  }

  #read(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(length);
    if (readSync(this.#file, buffer, 0, length, position) !== length) throw new Error('truncated');
    return buffer;
  }

  /** A tensor as 32-bit floats, row-major, with its shape. */
  floats(name: string): { values: Float32Array; shape: number[] } {
    const entry = this.entries.get(name);
    if (!entry) throw new Error('missing tensor');
    const bytes = this.#read(this.#base + entry.data_offsets[0], entry.data_offsets[1] - entry.data_offsets[0]);
    const count = bytes.length / widths[entry.dtype];
    const values = new Float32Array(count);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let i = 0; i < count; i++) {
      if (entry.dtype === 'F32') values[i] = view.getFloat32(i * 4, true);
      else if (entry.dtype === 'F16') values[i] = view.getFloat16(i * 2, true);
      else if (entry.dtype === 'BF16') values[i] = bfloat(view.getUint16(i * 2, true));
      else throw new Error('integer tensor');
    }
    return { values, shape: entry.shape };
  }

  close(): void { closeSync(this.#file); }
}

const scratch = new DataView(new ArrayBuffer(4));
function bfloat(bits: number): number {
  scratch.setUint32(0, bits * 65_536);
  return scratch.getFloat32(0);
}
