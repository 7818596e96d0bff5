/** Passwords: argon2id in the PHC form, so that a stored one says by itself how it was made. It is made here, so that no process with a database or a log ever holds a password. Two are worked on at once, since each takes 64 MiB. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { GatewayError } from '../gateway-error.ts';

const derive = promisify(argon2);
const cost = { memory: 65_536, passes: 3, parallelism: 1 } as const;
const length = 32;
const atOnce = 2;
/** How many may wait for a place; further ones are asked to come back. */
const mostWaiting = 32;

let working = 0;
const waiting: (() => void)[] = [];

/** @throws GatewayError sign_in_limited */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working >= atOnce) {
    if (waiting.length >= mostWaiting) throw new GatewayError('sign_in_limited', null, 2000);
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else working++;
  try { return await work(); } finally {
    const next = waiting.shift();
    if (next) next(); else working--;
  }
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await inTurn(() => derive('argon2id', { message: Buffer.from(password.normalize('NFC')), nonce, tagLength: length, ...cost }));
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
/** Verified where there is no account or no password, so that the time of a refusal does not tell which names exist. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(randomBytes(16))}$${unpadded(randomBytes(length))}`;

/** `stored`: null where there is none; the answer is false then, and takes as long. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, memory, passes, parallelism, nonce = '', tag = ''] = form.exec(stored ?? nobodys) ?? [];
  const expected = Buffer.from(tag, 'base64');
  const actual = await inTurn(() => derive('argon2id', {
    message: Buffer.from(password.normalize('NFC')), nonce: Buffer.from(nonce, 'base64'), tagLength: expected.length, memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism),
  }));
  return stored !== null && timingSafeEqual(actual, expected);
}
