/** Model files come from strangers: whatever they contain, they are accepted or refused by name, and cost no more memory than they have bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PullFailure } from '../pull/pull-failure.ts';
import { Safetensors } from '../conversion/safetensors.ts';
import { checkGguf } from './check-gguf.ts';
import { asFile, safetensors, smallGguf } from './gguf-under-test.ts';

const whole = smallGguf();
function refusedOrRead(bytes: Buffer): 'read' | 'refused' {
  try { asFile(bytes, checkGguf); return 'read'; } catch (error) {
    assert.ok(error instanceof PullFailure && error.code === 'format_unsupported', String(error));
    return 'refused';
  }
}
function patched(offset: number, value: bigint): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeBigUInt64LE(value, offset);
  return bytes;
}

test('a sound GGUF file is read', () => {
  assert.deepEqual(asFile(whole, checkGguf), { version: 3, tensors: 1, architecture: 'llama', keys: 3 });
});

test('every truncation of a GGUF file is refused', () => {
  for (let length = 0; length < whole.length; length++) assert.equal(refusedOrRead(whole.subarray(0, length)), 'refused', String(length));
});

test('absurd counts and lengths in a GGUF file are refused before anything is reserved for them', () => {
  const before = process.memoryUsage().rss;
  for (const value of [2n ** 63n, 2n ** 64n - 1n, 2n ** 40n, 2n ** 32n]) {
    for (const offset of [8, 16, 24]) assert.equal(refusedOrRead(patched(offset, value)), 'refused');
  }
  assert.ok(process.memoryUsage().rss - before < 100 << 20);
});

test('a GGUF file changed anywhere is read or refused, never anything else', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (changes) => {
    const bytes = Buffer.from(whole);
    for (const [at, value] of changes) bytes[at] = value;
    refusedOrRead(bytes);
  }), { numRuns: 400 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => { refusedOrRead(Buffer.concat([Buffer.from('GGUF\x03\x00\x00\x00', 'latin1'), bytes])); }), { numRuns: 400 });
});

const read = (bytes: Buffer, name = 'a'): Float32Array => asFile(bytes, (path) => {
  const file = new Safetensors(path);
  try { return file.floats(name).values; } finally { file.close(); }
});
const numbers = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);

test('a sound safetensors file is read, whatever its type of number', () => {
  assert.deepEqual([...read(safetensors({ __metadata__: { format: 'pt' }, a: { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] } }, numbers))], [1, 2, 3, 4]);
  assert.deepEqual([...read(safetensors({ a: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, Buffer.from([0x80, 0x3f, 0x00, 0xc0])))], [1, -2]);
  assert.deepEqual([...read(safetensors({ a: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, Buffer.from([0x00, 0x3c, 0x00, 0xc0])))], [1, -2]);
});

test('a safetensors file that contradicts itself is refused', () => {
  const entry = { dtype: 'F32', shape: [4], data_offsets: [0, 16] };
  for (const [why, header] of Object.entries<unknown>({
    'outside the file': { a: { ...entry, data_offsets: [16, 32] } }, 'backwards': { a: { ...entry, data_offsets: [16, 0] } }, 'other size than shape': { a: { ...entry, shape: [5] } },
    'overflowing shape': { a: { ...entry, shape: [2 ** 31, 2 ** 31, 2 ** 31] } }, 'negative': { a: { ...entry, shape: [-4] } }, 'unknown type': { a: { ...entry, dtype: 'Q4' } },
    'an array': [], 'null': null, 'no JSON': '{"a":', 'a list of entries': { a: [entry] },
  })) assert.throws(() => read(safetensors(header, numbers)), why);
  for (const length of [2n ** 63n, 1000n, 2n ** 30n]) {
    const bytes = safetensors({ a: entry }, numbers);
    bytes.writeBigUInt64LE(length);
    assert.throws(() => read(bytes));
  }
});

test('a safetensors file changed anywhere is read or refused, within its own size', () => {
  const sound = safetensors({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, numbers);
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
    const bytes = Buffer.from(sound);
    for (const [at, value] of changes) bytes[at] = value;
    try { assert.ok(read(bytes).length <= 16); } catch (error) { assert.ok(error instanceof Error && !(error instanceof RangeError), String(error)); }
  }), { numRuns: 400 });
});
