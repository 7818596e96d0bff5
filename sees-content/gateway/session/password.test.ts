import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashPassword, verifyPassword } from './password.ts';

test('a password is stored as argon2id in the PHC form, with a salt of its own', async () => {
  const [one, other] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
  assert.match(one, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.notEqual(one, other);
  assert.deepEqual([await verifyPassword('correct horse', one), await verifyPassword('correct horse', other), await verifyPassword('battery staple', one)], [true, true, false]);
});

test('the form is that of other programs', async () => {
  // Of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1
  assert.equal(await verifyPassword('password', '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc'), true);
});

test('a letter is the same however it is typed', async () => assert.equal(await verifyPassword('Ünïcode-password', await hashPassword('Ünïcode-password'.normalize('NFD'))), true));

test('where there is no account the answer is no, and takes the same work', async () => {
  const stored = await hashPassword('somebody');
  const time = async (against: string | null): Promise<number> => { const start = performance.now(); await verifyPassword('anything', against); return performance.now() - start; };
  const [known, unknown] = [await time(stored), await time(null)];
  assert.equal(await verifyPassword('anything', null), false);
  assert.ok(unknown > known / 4, `${unknown} of ${known} ms`);
});

test('more than two are not worked on at once, and more than a few do not wait', async () => {
  const results = await Promise.allSettled(Array.from({ length: 40 }, () => verifyPassword('x', null)));
  assert.ok(results.some((each) => each.status === 'rejected' && (each.reason as { code: string }).code === 'sign_in_limited'));
  assert.equal(await verifyPassword('x', null), false);
});
