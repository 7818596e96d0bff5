/** AES-256-GCM in the token (CKM_AES_GCM). */
import { randomBytes } from 'node:crypto';
import { CryptokiRefusal } from './functions.ts';
import { failureOf, LibraryFailure } from './failure.ts';
import { answers, CKM_AES_GCM } from './numbers.ts';
import type { Session } from './session.ts';
import { gcmParameters, mechanism } from './structures.ts';

export interface Sealed { ciphertext: Buffer; iv: Buffer; tag: Buffer }

/** What the second half of C_Encrypt and C_Decrypt do alike: bytes in, bytes out. */
function run({ cryptoki, handle }: Session, call: 'C_Encrypt' | 'C_Decrypt', input: Buffer): Buffer {
  const [output, length] = [Buffer.alloc(input.length + 64), Buffer.alloc(8)];
  length.writeBigUInt64LE(BigInt(output.length));
  cryptoki.call(call, handle, input, input.length, output, length);
  return output.subarray(0, Number(length.readBigUInt64LE()));
}

export function encrypt(session: Session, key: bigint, plain: Buffer, associated: Buffer): Sealed {
  // A token that insists on an IV of its own writes it here.
  const iv = randomBytes(12);
  session.cryptoki.call('C_EncryptInit', session.handle, mechanism(CKM_AES_GCM, gcmParameters(iv, associated)), key);
  const sealed = run(session, 'C_Encrypt', plain);
  if (sealed.length !== plain.length + 16) throw new LibraryFailure('misconfigured', 'library_unusable');
  return { ciphertext: sealed.subarray(0, -16), iv, tag: sealed.subarray(-16) };
}

function decryptOnce(session: Session, key: bigint, { ciphertext, iv, tag }: Sealed, associated: Buffer): Buffer {
  session.cryptoki.call('C_DecryptInit', session.handle, mechanism(CKM_AES_GCM, gcmParameters(iv, associated)), key);
  return run(session, 'C_Decrypt', Buffer.concat([ciphertext, tag]));
}

/** Answers with which libraries tell of a wrong tag though they mean any failure: SoftHSM2 the first. */
const vague: readonly number[] = [answers.CKR_GENERAL_ERROR, answers.CKR_FUNCTION_FAILED, answers.CKR_DEVICE_ERROR, answers.CKR_ARGUMENTS_BAD];

/** Whether this key, in this session, opens now what it seals now. */
function works(session: Session, key: bigint, associated: Buffer): boolean {
  const plain = randomBytes(32);
  try { return decryptOnce(session, key, encrypt(session, key, plain, associated), associated).equals(plain); } catch { return false; }
}

/**
 * A vague failure means a wrong tag only where the same key works in the same session right after it, and the same bytes fail again after that:
 * then they are what is wrong. Where that cannot be shown the answer stands as it is.
 */
export function decrypt(session: Session, key: bigint, sealed: Sealed, associated: Buffer): Buffer {
  const isVague = (error: unknown): boolean => error instanceof CryptokiRefusal && error.call === 'C_Decrypt' && vague.includes(error.answer);
  try { return decryptOnce(session, key, sealed, associated); } catch (error) {
    if (!isVague(error) || !works(session, key, associated)) throw error;
  }
  try { return decryptOnce(session, key, sealed, associated); } catch (error) {
    if (isVague(error) || (error instanceof CryptokiRefusal && failureOf(error.answer) === 'tampered')) throw new LibraryFailure('tampered', 'wrapped_key');
    throw error;
  }
}
