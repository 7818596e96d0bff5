/** Small files of the formats that the catalog reads, for tests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeGguf } from '../conversion/gguf-writer.ts';

/** A GGUF file with one tensor of `length` numbers. */
export function smallGguf(length = 64): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'mk-gguf-'));
  try {
    writeGguf(join(folder, 'g'), [
      ['general.architecture', { type: 'string', value: 'llama' }], ['llama.block_count', { type: 'u32', value: 1 }], ['tokenizer.ggml.tokens', { type: 'strings', value: ['a', 'b', 'c'] }],
    ], [{ name: 'token_embd.weight', shape: [length], type: 'f32', values: () => Float32Array.from({ length }, (_, i) => i) }]);
    return readFileSync(join(folder, 'g'));
  } finally { rmSync(folder, { recursive: true }); }
}

export function safetensors(header: unknown, data: Buffer): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

/** Hands `bytes` to `use` as a file. */
export function asFile<T>(bytes: Buffer, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'mk-file-'));
  try {
    writeFileSync(join(folder, 'file'), bytes);
    return use(join(folder, 'file'));
  } finally { rmSync(folder, { recursive: true }); }
}
