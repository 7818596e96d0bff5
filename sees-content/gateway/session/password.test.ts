import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, matchPassword, verifyPassword } from './password.ts';

test('a password is stored as argon2id in the PHC form, with a salt of its own', async () => {
  const [one, other] = await Promise.all([hashPassword('usr_1', 'correct horse'), hashPassword('usr_2', 'correct horse')]);
  assert.match(one, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, other);
  assert.deepEqual([await verifyPassword('correct horse', one), await verifyPassword('correct horse', other), await verifyPassword('battery staple', one)], [true, true, false]);
});

test('the form is that of other programs', async () => {
  // Of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
  assert.equal(await verifyPassword('password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'), true);
});

test('a letter is the same however it is typed', async () => assert.equal(await verifyPassword('Ünïcode-password', await hashPassword('usr_1', 'Ünïcode-password'.normalize('NFD'))), true));

test('where there is no account the answer is no, and takes the same work', async () => {
  const stored = await hashPassword('usr_1', 'somebody');
  const time = async (against: string | null): Promise<number> => { const start = performance.now(); await verifyPassword('anything', against); return performance.now() - start; };
  const [known, unknown] = [await time(stored), await time(null)];
  assert.equal(await verifyPassword('anything', null), false);
  assert.ok(unknown > known / 4, `${unknown} of ${known} ms`);
});

test('more than two are not worked on at once, and more than a few do not wait', async () => {
  let asked = 0;
  const none = (): Promise<null> => { asked++; return Promise.resolve(null); };
  const limited = (results: PromiseSettledResult<unknown>[]): number => results.filter((each) => each.status === 'rejected' && (each.reason as { code: string }).code === 'sign_in_limited').length;
  const waiting = Promise.allSettled(Array.from({ length: 40 }, (_each, i) => matchPassword('signIn', `address ${i}`, 'x', none)));
  const signedIn = matchPassword('signedIn', 'usr_1', 'x', none);
  assert.equal(limited(await waiting), 6, 'two are worked on and 32 wait');
  assert.deepEqual(await signedIn, { stored: null, matches: false }, 'there is room left for who is signed in');
  assert.equal(asked, 35, 'who is turned away is not counted');
  assert.equal(limited(await Promise.allSettled(Array.from({ length: 9 }, () => matchPassword('signIn', 'one address', 'x', none)))), 5, 'one address has no more than four places');
  assert.deepEqual(await matchPassword('signIn', 'one address', 'x', none), { stored: null, matches: false });
});
