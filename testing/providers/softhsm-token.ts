/** A token of SoftHSM2 of its own for each test, and its administrator, who works on it from another process than the provider does. */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cryptoki } from '#keys/providers/pkcs11/library/cryptoki.ts';
import { attributes, CKM_AES_KEY_GEN, CKO_SECRET_KEY } from '#keys/providers/pkcs11/library/numbers.ts';
import { openHandle, openSession } from '#keys/providers/pkcs11/library/session.ts';
import type { Session } from '#keys/providers/pkcs11/library/session.ts';
import { flag, mechanism, template, ulong } from '#keys/providers/pkcs11/library/structures.ts';
import { Pkcs11Provider } from '#keys/providers/pkcs11/pkcs11-provider.ts';
import type { Pkcs11Settings } from '#keys/providers/pkcs11/pkcs11-provider.ts';

const library = '/usr/lib/softhsm/libsofthsm2.so';
const missing = `SoftHSM2 is not installed (no ${library}): apt-get install softhsm2`;
/** Why these tests cannot run here. Where they must, they fail with the same sentence. */
const there = existsSync(library) && spawnSync('softhsm2-util', ['--version'], { env: { PATH: '/usr/bin:/bin' } }).status === 0;
export const skip = there ? undefined : missing;
if (skip !== undefined && process.env['CI_REQUIRES_SOFTHSM2'] === '1') throw new Error(missing);

/** One for this process: the library reads its configuration once. */
const home = mkdtempSync(join(tmpdir(), 'mk-softhsm-'));
const configuration = join(home, 'softhsm2.conf');
/** Where the tokens are, all of them. */
export const tokens = join(home, 'tokens');
mkdirSync(tokens, { mode: 0o700 });
writeFileSync(configuration, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\nslots.removable = false\n`);
process.on('exit', () => rmSync(home, { recursive: true, force: true }));

export interface Token { label: string; pin: string; settings: Pkcs11Settings; /** A link to the library, so that it can be taken away. */ link: string }

export function makeToken(): Token {
  const label = `mk-${randomBytes(6).toString('hex')}`;
  const pin = randomBytes(8).toString('hex');
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', randomBytes(8).toString('hex')], { env: { SOFTHSM2_CONF: configuration, PATH: '/usr/bin:/bin' } });
  const link = join(home, `${label}.so`);
  symlinkSync(library, link);
  return { label, pin, link, settings: { library: link, token: { label }, key: 'customer', configuration: { variable: 'SOFTHSM2_CONF', path: configuration }, timeoutMs: 10_000 } };
}
/** The provider, with a first version of its key. */
export async function makeProvider(token: Token, settings: Partial<Pkcs11Settings> = {}): Promise<Pkcs11Provider> {
  const provider = new Pkcs11Provider({ ...token.settings, ...settings }, token.pin);
  await provider.rotate();
  return provider;
}

/** The library of this process learns of tokens only when it is initialized. */
function administrator({ label, pin }: Token): Session {
  process.env['SOFTHSM2_CONF'] = configuration;
  return openSession(new Cryptoki(library), { token: { label }, key: 'customer', pin });
}

/** Lets the administrator work in a session that may write. */
function administer<T>(token: Token, work: (session: Session) => T): T {
  const session = administrator(token);
  try { return work({ ...session, handle: openHandle(session.cryptoki, session.slot, true) }); } finally { session.cryptoki.call('C_Finalize', null); }
}
export const slotOf = (token: Token): number => administer(token, ({ slot }) => Number(slot));
/** A key that was made with the token's own tools. */
export function makeKey(token: Token, id: string): void {
  const made = template([attributes.CKA_LABEL, Buffer.from('customer')], [attributes.CKA_ID, Buffer.from(id, 'hex')], [attributes.CKA_VALUE_LEN, ulong(32)], [attributes.CKA_TOKEN, flag(true)], [attributes.CKA_ENCRYPT, flag(true)], [attributes.CKA_DECRYPT, flag(true)]);
  administer(token, ({ cryptoki, handle }) => cryptoki.call('C_GenerateKey', handle, mechanism(CKM_AES_KEY_GEN), made, made.count, Buffer.alloc(8)));
}

/** Does something to each version of the key. */
const forEach = (token: Token, change: (session: Session, handle: bigint) => void): void => administer(token, (session) => {
  const wanted = template([attributes.CKA_CLASS, ulong(CKO_SECRET_KEY)]);
  session.cryptoki.call('C_FindObjectsInit', session.handle, wanted, 1);
  const [found, count] = [Buffer.alloc(8 * 100), Buffer.alloc(8)];
  session.cryptoki.call('C_FindObjects', session.handle, found, 100, count);
  session.cryptoki.call('C_FindObjectsFinal', session.handle);
  for (let index = 0; index < Number(count.readBigUInt64LE()); index++) change(session, found.readBigUInt64LE(8 * index));
});
export const destroyVersions = (token: Token): void => forEach(token, ({ cryptoki, handle }, key) => cryptoki.call('C_DestroyObject', handle, key));
export function setUse(token: Token, allowed: boolean, uses: ('CKA_ENCRYPT' | 'CKA_DECRYPT')[] = ['CKA_ENCRYPT', 'CKA_DECRYPT']): void {
  forEach(token, ({ cryptoki, handle }, key) => cryptoki.call('C_SetAttributeValue', handle, key, template(...uses.map((use) => [attributes[use], flag(allowed)] as const)), uses.length));
}
/** What the token answers when it is asked for a value that it must keep: the number of the refusal. */
export function readKey(token: Token): number[] {
  const refusals: number[] = [];
  forEach(token, ({ cryptoki, handle }, key) => {
    try { cryptoki.call('C_GetAttributeValue', handle, key, template([0x11, Buffer.alloc(64)]), 1); refusals.push(0); } catch (error) { refusals.push((error as { answer: number }).answer); }
  });
  return refusals;
}
