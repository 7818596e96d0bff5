import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csrfToken, requireOwnOrigin, requireToken } from './cross-site.ts';

const fails = (work: () => void): boolean => { try { work(); return false; } catch { return true; } };
const host = 'keep.example:8420';

const origins: [what: string, method: string, headers: Record<string, string>, secure: boolean, refused: boolean][] = [
  ['a program that is no browser', 'POST', { host }, false, false],
  ['our own page', 'POST', { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }, false, false],
  ['our own page over TLS', 'POST', { host, origin: `https://${host}`, 'sec-fetch-site': 'same-origin' }, true, false],
  ['our own page behind a proxy that ends TLS', 'POST', { host, origin: `https://${host}` }, false, false],
  ['an unencrypted page of our name, over TLS', 'POST', { host, origin: `http://${host}` }, true, true],
  ['another site', 'POST', { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false, true],
  ['another site, from an old browser', 'POST', { host, origin: 'https://evil.example' }, false, true],
  ['another port of ours', 'POST', { host, origin: 'http://keep.example:3000', 'sec-fetch-site': 'same-site' }, false, true],
  ['a page without an origin', 'POST', { host, origin: 'null' }, false, true],
  ['an address that was typed', 'GET', { host, 'sec-fetch-site': 'none' }, false, false],
  ['an address that was typed, for a change', 'POST', { host, 'sec-fetch-site': 'none' }, false, true],
  ['another site that reads', 'GET', { host, 'sec-fetch-site': 'cross-site' }, false, true],
];
for (const [what, method, headers, secure, refused] of origins) {
  test(`${what} is ${refused ? 'refused' : 'let through'}`, () => assert.equal(fails(() => requireOwnOrigin(method, headers, secure)), refused));
}

test('a change needs the token of its own session; reading needs none', () => {
  const [mine, theirs] = [`mk-ss-${'a'.repeat(43)}`, `mk-ss-${'b'.repeat(43)}`];
  assert.equal(fails(() => requireToken('POST', { 'x-modelkeep-csrf': csrfToken(mine) }, mine)), false);
  for (const token of [csrfToken(theirs), mine, '', `${csrfToken(mine)}x`]) assert.equal(fails(() => requireToken('DELETE', { 'x-modelkeep-csrf': token }, mine)), true, token);
  assert.equal(fails(() => requireToken('POST', {}, mine)), true);
  assert.equal(fails(() => requireToken('GET', {}, mine)), false);
});
