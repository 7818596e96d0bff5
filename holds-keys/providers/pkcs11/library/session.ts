/** A logged-in session on the customer's token. */
import type { Opening } from '../library-protocol.ts';
import type { Cryptoki } from './cryptoki.ts';
import { LibraryFailure } from './failure.ts';
import { CryptokiRefusal } from './functions.ts';
import { answers, CKF_RW_SESSION, CKF_SERIAL_SESSION, CKF_USER_PIN_FINAL_TRY, CKS_RO_USER_FUNCTIONS, CKS_RW_USER_FUNCTIONS, CKU_USER } from './numbers.ts';

export interface Session { cryptoki: Pick<Cryptoki, 'call'>; slot: bigint; handle: bigint; tokenLabel: string }

function slots(cryptoki: Session['cryptoki']): bigint[] {
  const count = Buffer.alloc(8);
  cryptoki.call('C_GetSlotList', 1, null, count);
  const list = Buffer.alloc(8 * Number(count.readBigUInt64LE()) + 8);
  count.writeBigUInt64LE(BigInt(list.length / 8));
  cryptoki.call('C_GetSlotList', 1, list, count);
  return Array.from({ length: Number(count.readBigUInt64LE()) }, (_, index) => list.readBigUInt64LE(8 * index));
}

/** CK_TOKEN_INFO begins with the label: 32 bytes of UTF-8, filled up with blanks. 64 bytes further on are its flags. */
function tokenOf(cryptoki: Session['cryptoki'], slot: bigint): { label: string; lastTry: boolean } {
  const info = Buffer.alloc(256);
  cryptoki.call('C_GetTokenInfo', slot, info);
  return { label: info.subarray(0, 32).toString('utf8').trimEnd(), lastTry: (info.readBigUInt64LE(96) & CKF_USER_PIN_FINAL_TRY) !== 0n };
}

/** One that cannot be read is not ours. */
function isLabelled(cryptoki: Session['cryptoki'], slot: bigint, label: string): boolean {
  try { return tokenOf(cryptoki, slot).label === label; } catch (error) { if (error instanceof CryptokiRefusal) return false; throw error; }
}

function findSlot(cryptoki: Session['cryptoki'], token: Opening['token']): bigint {
  const found = slots(cryptoki).filter((slot) => ('slot' in token ? slot === BigInt(token.slot) : isLabelled(cryptoki, slot, token.label)));
  if (found.length > 1) throw new LibraryFailure('misconfigured', 'token_ambiguous');
  if (found[0] === undefined) throw new LibraryFailure('unreachable', 'token_not_found');
  return found[0];
}

/** Its handle. A session to read is open as long as the program; one to write only while a key is made. */
export function openHandle(cryptoki: Session['cryptoki'], slot: bigint, write: boolean): bigint {
  const handle = Buffer.alloc(8);
  cryptoki.call('C_OpenSession', slot, CKF_SERIAL_SESSION | (write ? CKF_RW_SESSION : 0), null, null, handle);
  return handle.readBigUInt64LE();
}

export function openSession(cryptoki: Session['cryptoki'], { token, pin }: Opening): Session {
  const slot = findSlot(cryptoki, token);
  const { label: tokenLabel, lastTry } = tokenOf(cryptoki, slot);
  if (lastTry) throw new LibraryFailure('misconfigured', 'pin_has_one_try_left');
  const handle = openHandle(cryptoki, slot, false);
  const bytes = Buffer.from(pin);
  try { cryptoki.call('C_Login', handle, CKU_USER, bytes, bytes.length); } catch (error) {
    if (!(error instanceof CryptokiRefusal && error.answer === answers.CKR_USER_ALREADY_LOGGED_IN)) throw error;
  } finally { bytes.fill(0); }
  return { cryptoki, slot, handle, tokenLabel };
}

/**
 * A token that was taken out, or has forgotten the login, shows no keys: asked before one is said to be missing.
 * @throws LibraryFailure, CryptokiRefusal `unreachable`
 */
export function requireToken({ cryptoki, slot, handle, tokenLabel }: Session): void {
  // CK_SESSION_INFO: slot, state, flags, error of the device.
  const info = Buffer.alloc(32);
  cryptoki.call('C_GetSessionInfo', handle, info);
  const state = Number(info.readBigUInt64LE(8));
  if ((state !== CKS_RO_USER_FUNCTIONS && state !== CKS_RW_USER_FUNCTIONS) || tokenOf(cryptoki, slot).label !== tokenLabel) throw new LibraryFailure('unreachable', 'token_not_found');
}
