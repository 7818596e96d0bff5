import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decrypt } from './aes-gcm.ts';
import { failureOf, LibraryFailure } from './failure.ts';
import { CryptokiRefusal } from './functions.ts';
import type { CryptokiFunction } from './functions.ts';
import { answers } from './numbers.ts';
import type { Session } from './session.ts';

const { CKR_GENERAL_ERROR: vague, CKR_AEAD_DECRYPT_FAILED: plain, CKR_KEY_FUNCTION_NOT_PERMITTED: forbidden } = answers;
const sealed = { ciphertext: Buffer.alloc(32, 1), iv: Buffer.alloc(12), tag: Buffer.alloc(16) };

/** A token that seals by putting 16 bytes behind, and answers to each call of a function as it was told; with 0 after that. */
function token(told: Partial<Record<CryptokiFunction, number[]>>): Session {
  return {
    slot: 0n, handle: 1n, tokenLabel: 'token', cryptoki: {
      call(name, ...parameters) {
        const answer = told[name]?.shift() ?? 0;
        if (answer !== 0) throw new CryptokiRefusal(name, answer);
        const [, input, , output, length] = parameters as [unknown, Buffer, number, Buffer, Buffer];
        if (name === 'C_Encrypt') { input.copy(output); length.writeBigUInt64LE(BigInt(input.length + 16)); }
        if (name === 'C_Decrypt') { input.copy(output, 0, 0, input.length - 16); length.writeBigUInt64LE(BigInt(input.length - 16)); }
      },
    },
  };
}
const open = (told: Parameters<typeof token>[0]): Buffer => decrypt(token(told), 2n, sealed, Buffer.from('context'));
const failure = (expected: string) => (error: unknown): boolean => (error instanceof LibraryFailure ? error.failure : error instanceof CryptokiRefusal ? failureOf(error.answer) : undefined) === expected;

test('a token that says that the tag is wrong is believed', () => assert.throws(() => open({ C_Decrypt: [plain] }), failure('tampered')));

test('a vague failure is a wrong tag where the same key works, and the same bytes fail again', () => assert.throws(() => open({ C_Decrypt: [vague, 0, vague] }), failure('tampered')));

test('a device that fails is not taken for a wrong tag, whatever of the trial it fails at', () => {
  for (const told of [{ C_Decrypt: [vague, vague] }, { C_Decrypt: [vague], C_Encrypt: [vague] }, { C_Decrypt: [vague], C_EncryptInit: [forbidden] }, { C_Decrypt: [vague], C_DecryptInit: [0, vague] }]) assert.throws(() => open(told), failure('unreachable'));
  assert.throws(() => open({ C_Decrypt: [vague, 0], C_DecryptInit: [0, 0, answers.CKR_DEVICE_REMOVED] }), failure('unreachable'));
});

test('a failure that passes is none', () => assert.deepEqual(open({ C_Decrypt: [vague] }), sealed.ciphertext));

test('a key that may not be used is no wrong tag', () => assert.throws(() => open({ C_DecryptInit: [forbidden] }), failure('disabled')));
