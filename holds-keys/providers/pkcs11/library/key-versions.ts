/** Versions of the customer's key: AES keys with its label on the token, told apart by CKA_ID. The newest has the greatest CKA_ID, read as a number. */
import { LibraryFailure } from './failure.ts';
import { attributes, CKK_AES, CKM_AES_KEY_GEN, CKO_SECRET_KEY } from './numbers.ts';
import { openHandle, requireToken } from './session.ts';
import type { Session } from './session.ts';
import { flag, mechanism, template, ulong, ulongs } from './structures.ts';

export interface KeyVersion { handle: bigint; /** CKA_ID. */ id: Buffer }
const numberOf = ({ id }: Pick<KeyVersion, 'id'>): bigint => BigInt(`0x0${id.toString('hex')}`);

/** As a PKCS#11 URI (RFC 7512): token, label, version. */
const nameOf = ({ tokenLabel }: Session, label: string): string => `pkcs11:token=${encodeURIComponent(tokenLabel)};object=${encodeURIComponent(label)};id=`;
export const kidOf = (session: Session, label: string, { id }: Pick<KeyVersion, 'id'>): string => nameOf(session, label) + id.toString('hex').replace(/../g, '%$&');

function idOf({ cryptoki, handle: session }: Session, handle: bigint): Buffer {
  const value = Buffer.alloc(256);
  const asked = template([attributes.CKA_ID, value]);
  cryptoki.call('C_GetAttributeValue', session, handle, asked, 1);
  return value.subarray(0, Number(asked.bytes.readBigUInt64LE(16)));
}

/** At every operation anew: what the token's administrator has added, destroyed or disabled holds at once. */
function find(session: Session, label: string, id?: Buffer): KeyVersion[] {
  const { cryptoki, handle } = session;
  const wanted = template([attributes.CKA_CLASS, ulong(CKO_SECRET_KEY)], [attributes.CKA_KEY_TYPE, ulong(CKK_AES)], [attributes.CKA_TOKEN, flag(true)], [attributes.CKA_LABEL, Buffer.from(label)],
    ...id ? [[attributes.CKA_ID, id] as const] : []);
  cryptoki.call('C_FindObjectsInit', handle, wanted, wanted.count);
  const found: bigint[] = [];
  const [some, count] = [Buffer.alloc(8 * 64), Buffer.alloc(8)];
  try {
    do {
      cryptoki.call('C_FindObjects', handle, some, 64, count);
      for (let index = 0; index < Number(count.readBigUInt64LE()); index++) found.push(some.readBigUInt64LE(8 * index));
    } while (count.readBigUInt64LE() > 0n);
  } finally { cryptoki.call('C_FindObjectsFinal', handle); }
  if (found.length === 0) requireToken(session);
  return found.map((each) => ({ handle: each, id: id ?? idOf(session, each) }));
}

/** @throws LibraryFailure `key_not_found`; `misconfigured` where two share the place. */
export function newestVersion(session: Session, label: string): KeyVersion {
  const [first, second] = find(session, label).sort((a, b) => (numberOf(a) > numberOf(b) ? -1 : 1));
  if (!first) throw new LibraryFailure('key_not_found', 'key_not_found');
  if (second && numberOf(second) === numberOf(first)) throw new LibraryFailure('misconfigured', 'key_ambiguous');
  return first;
}

export function versionOf(session: Session, label: string, kid: string): KeyVersion {
  const name = nameOf(session, label);
  const id = /^(?:%[0-9a-f]{2})*$/.exec(kid.startsWith(name) ? kid.slice(name.length) : '-')?.[0];
  const [first, second] = id === undefined ? [] : find(session, label, Buffer.from(id.replaceAll('%', ''), 'hex'));
  if (!first) throw new LibraryFailure('key_not_found', 'key_not_found');
  if (second) throw new LibraryFailure('misconfigured', 'key_ambiguous');
  return first;
}

/** The time in milliseconds, or one more than the newest: the id of a version that was destroyed is not given again. */
function nextId(session: Session, label: string): Buffer {
  const next = find(session, label).map(numberOf).reduce((greatest, each) => (each < greatest ? greatest : each + 1n), BigInt(Date.now()));
  const digits = next.toString(16);
  return Buffer.from(digits.padStart(Math.max(16, digits.length + digits.length % 2), '0'), 'hex');
}

/** Makes a version that never leaves the token. */
export function generateVersion(session: Session, label: string): Buffer {
  const { cryptoki, slot } = session;
  const id = nextId(session, label);
  const made = template(
    [attributes.CKA_CLASS, ulong(CKO_SECRET_KEY)], [attributes.CKA_KEY_TYPE, ulong(CKK_AES)], [attributes.CKA_VALUE_LEN, ulong(32)], [attributes.CKA_LABEL, Buffer.from(label)], [attributes.CKA_ID, id],
    [attributes.CKA_TOKEN, flag(true)], [attributes.CKA_PRIVATE, flag(true)], [attributes.CKA_SENSITIVE, flag(true)], [attributes.CKA_EXTRACTABLE, flag(false)],
    [attributes.CKA_ENCRYPT, flag(true)], [attributes.CKA_DECRYPT, flag(true)], [attributes.CKA_WRAP, flag(false)], [attributes.CKA_UNWRAP, flag(false)],
    [attributes.CKA_SIGN, flag(false)], [attributes.CKA_VERIFY, flag(false)],
  );
  const handle = openHandle(cryptoki, slot, true);
  try { cryptoki.call('C_GenerateKey', handle, mechanism(CKM_AES_KEY_GEN), made, made.count, ulongs(0)); } finally { cryptoki.call('C_CloseSession', handle); }
  return id;
}
