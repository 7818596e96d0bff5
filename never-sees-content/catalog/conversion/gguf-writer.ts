/** Writes GGUF version 3 (format: ggml-org/ggml, docs/gguf.md). The same input gives the same bytes. */
import { closeSync, openSync, writeSync } from 'node:fs';

type Value = { type: 'u32' | 'f32'; value: number } | { type: 'bool'; value: boolean } | { type: 'string'; value: string } | { type: 'strings'; value: string[] } | { type: 'i32s'; value: number[] };
/** Shape in GGUF's order (innermost first). */
export interface Tensor { name: string; shape: number[]; type: 'f32' | 'f16'; values: () => Float32Array }
const alignment = 32;
const pad = (length: number): number => (alignment - (length % alignment)) % alignment;

function u32(value: number): Buffer { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; }
function u64(value: number): Buffer { const bytes = Buffer.alloc(8); bytes.writeBigUInt64LE(BigInt(value)); return bytes; }
function f32(value: number): Buffer { const bytes = Buffer.alloc(4); bytes.writeFloatLE(value); return bytes; }
function text(value: string): Buffer { const bytes = Buffer.from(value, 'utf8'); return Buffer.concat([u64(bytes.length), bytes]); }

function encode(value: Value): Buffer {
  switch (value.type) {
    case 'u32': return Buffer.concat([u32(4), u32(value.value)]);
    case 'f32': return Buffer.concat([u32(6), f32(value.value)]);
    case 'bool': return Buffer.concat([u32(7), Buffer.from([value.value ? 1 : 0])]);
    case 'string': return Buffer.concat([u32(8), text(value.value)]);
    case 'strings': return Buffer.concat([u32(9), u32(8), u64(value.value.length), ...value.value.map(text)]);
    case 'i32s': { const bytes = Buffer.alloc(value.value.length * 4); value.value.forEach((each, i) => bytes.writeInt32LE(each, i * 4)); return Buffer.concat([u32(9), u32(5), u64(value.value.length), bytes]); }
  }
}

const bytesOf = ({ shape, type }: Tensor): number => shape.reduce((product, each) => product * each, 1) * (type === 'f32' ? 4 : 2);

function encodeTensor({ type, values }: Tensor): Buffer {
  const floats = values();
  if (type === 'f32') return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
  const half = Buffer.alloc(floats.length * 2);
  const view = new DataView(half.buffer, half.byteOffset, half.length);
  for (let i = 0; i < floats.length; i++) view.setFloat16(i * 2, floats[i] ?? 0, true);
  return half;
}

/** Writes the file; tensors are asked for their values one at a time. */
export function writeGguf(path: string, keys: [string, Value][], tensors: Tensor[]): void {
  let offset = 0;
  const places = tensors.map((tensor) => { const place = offset; offset += bytesOf(tensor) + pad(bytesOf(tensor)); return place; });
  const head = Buffer.concat([
    Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(keys.length),
    ...keys.map(([key, value]) => Buffer.concat([text(key), encode(value)])),
    ...tensors.map((tensor, i) => Buffer.concat([text(tensor.name), u32(tensor.shape.length), ...tensor.shape.map(u64), u32(tensor.type === 'f32' ? 0 : 1), u64(places[i] ?? 0)])),
  ]);
  const file = openSync(path, 'w', 0o600);
  try {
    writeAll(file, Buffer.concat([head, Buffer.alloc(pad(head.length))]));
    for (const tensor of tensors) {
      const bytes = encodeTensor(tensor);
      if (bytes.length !== bytesOf(tensor)) throw new Error('tensor size');
      writeAll(file, Buffer.concat([bytes, Buffer.alloc(pad(bytes.length))]));
    }
  } finally { closeSync(file); }
}

function writeAll(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}
