import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LibraryFailure, reportOf } from './failure.ts';
import { CryptokiRefusal } from './functions.ts';
import { answers } from './numbers.ts';
import { openSession } from './session.ts';
import type { Session } from './session.ts';

interface Slot { label: string; flags?: number; refuses?: number }
/** A library with these slots. `login`: what C_Login answers. */
function library(slots: Slot[], login = 0): { cryptoki: Session['cryptoki']; called: string[] } {
  const called: string[] = [];
  return {
    called, cryptoki: {
      call(name, ...parameters) {
        called.push(name);
        const [first, info, count] = parameters as [bigint, Buffer | null, Buffer];
        if (name === 'C_GetSlotList') { slots.forEach((_, index) => info?.writeBigUInt64LE(BigInt(index), 8 * index)); count.writeBigUInt64LE(BigInt(slots.length)); }
        if (name === 'C_GetTokenInfo') {
          const { label, flags = 0, refuses = 0 } = slots[Number(first)] ?? { label: '' };
          if (refuses !== 0) throw new CryptokiRefusal(name, refuses);
          info?.write(label.padEnd(32));
          info?.writeBigUInt64LE(BigInt(flags), 96);
        }
        if (name === 'C_Login' && login !== 0) throw new CryptokiRefusal(name, login);
      },
    },
  };
}
const opening = { token: { label: 'ours' }, key: 'customer', pin: '1234' };
const failure = (failed: string) => (error: unknown): boolean => reportOf(error).failed === failed;

test('another token that cannot be read does not stand in the way of ours', () => {
  const { cryptoki } = library([{ label: 'broken', refuses: answers.CKR_TOKEN_NOT_RECOGNIZED }, { label: 'ours' }]);
  assert.equal(openSession(cryptoki, opening).slot, 1n);
  assert.throws(() => openSession(library([{ label: 'ours', refuses: answers.CKR_DEVICE_ERROR }]).cryptoki, opening), failure('unreachable'));
});

test('a token that one more wrong PIN would lock is presented none', () => {
  const { cryptoki, called } = library([{ label: 'ours', flags: 0x2_0000 }]);
  for (const token of [{ label: 'ours' }, { slot: 0 }]) assert.throws(() => openSession(cryptoki, { ...opening, token }), (error) => error instanceof LibraryFailure && error.failure === 'misconfigured');
  assert.ok(!called.includes('C_Login'));
});

test('a login that is answered with what is no failure of the device is refused: the same PIN is not presented again', () => {
  for (const answer of [answers.CKR_PIN_INCORRECT, answers.CKR_ARGUMENTS_BAD, answers.CKR_FUNCTION_NOT_SUPPORTED]) assert.throws(() => openSession(library([{ label: 'ours' }], answer).cryptoki, opening), failure('denied'));
  assert.throws(() => openSession(library([{ label: 'ours' }], answers.CKR_DEVICE_ERROR).cryptoki, opening), failure('unreachable'));
});
