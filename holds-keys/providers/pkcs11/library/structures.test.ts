/** The layout against the one that an FFI library computes from the C declarations of PKCS#11. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import koffi from 'koffi';
import type { TypeObject } from 'koffi';
import { addressOf } from './cryptoki.ts';
import { flag, gcmParameters, mechanism, template, ulong } from './structures.ts';

const CK_GCM_PARAMS = koffi.struct({ pIv: 'uintptr_t', ulIvLen: 'unsigned long', ulIvBits: 'unsigned long', pAAD: 'uintptr_t', ulAADLen: 'unsigned long', ulTagBits: 'unsigned long' });
const CK_MECHANISM = koffi.struct({ mechanism: 'unsigned long', pParameter: 'uintptr_t', ulParameterLen: 'unsigned long' });
const CK_ATTRIBUTE = koffi.struct({ type: 'unsigned long', pValue: 'uintptr_t', ulValueLen: 'unsigned long' });
const read = (bytes: Buffer, type: TypeObject, offset = 0): Record<string, bigint> =>
  Object.fromEntries(Object.entries(koffi.decode(bytes, offset, type) as Record<string, number | bigint>).map(([name, value]) => [name, BigInt(value)]));

test('parameters of GCM', () => {
  const [iv, associated] = [Buffer.alloc(12), Buffer.alloc(90)];
  const parameters = gcmParameters(iv, associated);
  assert.equal(parameters.bytes.length, koffi.sizeof(CK_GCM_PARAMS));
  assert.deepEqual(read(parameters.bytes, CK_GCM_PARAMS), { pIv: addressOf(iv), ulIvLen: 12n, ulIvBits: 96n, pAAD: addressOf(associated), ulAADLen: 90n, ulTagBits: 128n });
  const made = mechanism(0x1087, parameters);
  assert.deepEqual(read(made.bytes, CK_MECHANISM), { mechanism: 0x1087n, pParameter: addressOf(parameters.bytes), ulParameterLen: 48n });
  assert.deepEqual(made.holds, [parameters.bytes, iv, associated], 'all that is pointed to is held');
});

test('a template of attributes', () => {
  const [one, two] = [ulong(0x1f), flag(true)];
  const made = template([0x100, one], [0x1, two], [0x3, Buffer.alloc(0)]);
  assert.equal(made.bytes.length, 3 * koffi.sizeof(CK_ATTRIBUTE));
  assert.deepEqual([0, 24, 48].map((offset) => read(made.bytes, CK_ATTRIBUTE, offset)), [
    { type: 0x100n, pValue: addressOf(one), ulValueLen: 8n }, { type: 0x1n, pValue: addressOf(two), ulValueLen: 1n }, { type: 0x3n, pValue: 0n, ulValueLen: 0n },
  ]);
  assert.deepEqual([one.toString('hex'), two.toString('hex')], ['1f00000000000000', '01']);
});
