/** Passwords: argon2id in the PHC form, so that a stored one says by itself how it was made. It is made here, so that no process with a database or a log ever holds a password. Two are worked on at once, since each takes 64 MiB. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { GatewayError } from '../gateway-error.ts';

const derive = promisify(argon2);
const cost = { memory: 65_536, passes: 3, parallelism: 1 } as const;
const length = 32;
const atOnce = 2;
/** How many may wait for a place; further ones are asked to come back. Some places are kept for those who are signed in. */
const mostWaiting = { signIn: 32, signedIn: 40 } as const;
/** How many may wait for one address or account. */
const mostForOne = 4;

let working = 0;
const waiting: (() => void)[] = [];
const byAsker = new Map<string, number>();

/** `asker`: address or account. @throws GatewayError sign_in_limited, before any of the work */
async function inTurn<T>(kind: keyof typeof mostWaiting, asker: string, work: () => Promise<T>): Promise<T> {
  const own = byAsker.get(asker) ?? 0;
  if (own >= mostForOne || (working >= atOnce && waiting.length >= mostWaiting[kind])) throw new GatewayError('sign_in_limited', null, 2000);
  byAsker.set(asker, own + 1);
  if (working >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve)); else working++;
  try { return await work(); } finally {
    const next = waiting.shift();
    if (next) next(); else working--;
    const left = (byAsker.get(asker) ?? 1) - 1;
    if (left === 0) byAsker.delete(asker); else byAsker.set(asker, left);
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** `account`: whose it is. @throws GatewayError sign_in_limited */
export async function hashPassword(account: string, password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await inTurn('signedIn', account, () => derive('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce, tagLength: length, ...cost }));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** Verified where there is no account or no password, so that the time of a refusal does not tell which names exist. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(randomBytes(16))}$${unpadded(randomBytes(length))}`;

/**
 * Asks for what is stored once it is this one's turn: who is turned away at the door is not counted against a name. `stored`: null where there is none; that takes as long.
 * @returns what is stored, and whether the password matches it. @throws GatewayError sign_in_limited, and what asking throws
 */
export async function matchPassword(kind: keyof typeof mostWaiting, asker: string, password: string, stored: () => Promise<string | null>): Promise<{ stored: string | null; matches: boolean }> {
  return await inTurn(kind, asker, async () => {
    const found = await stored();
    return { stored: found, matches: await verifyPassword(password, found) };
  });
}

export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = form.exec(stored ?? nobodys) ?? [];
  const expected = Buffer.from(tag, 'base64');
  const actual = await derive('argon2id', {
    message: Buffer.from(password.normalize('NFC')), nonce: Buffer.from(nonce, 'base64'), tagLength: expected.length, memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism),
  });
  return stored !== null && timingSafeEqual(actual, expected);
}
