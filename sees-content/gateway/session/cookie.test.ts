import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browserOf, systemOf } from './browser.ts';
import { clearCookie, sessionCookie, setCookie } from './cookie.ts';

const value = `mk-ss-${'a'.repeat(43)}`;

test('the cookie is for our own pages only, and unreadable for scripts', () => {
  assert.equal(setCookie(value, true), `__Host-modelkeep=${value}; Path=/; HttpOnly; Secure; SameSite=Strict`);
  assert.equal(setCookie(value, false), `modelkeep=${value}; Path=/; HttpOnly; SameSite=Strict`);
  assert.match(clearCookie(true), /^__Host-modelkeep=; Max-Age=0;/);
});

test('over TLS a cookie without the prefix is none, and two of a name are none', () => {
  assert.equal(sessionCookie({ cookie: `other=1; __Host-modelkeep=${value}` }, true), value);
  assert.equal(sessionCookie({ cookie: `modelkeep=${value}` }, true), undefined);
  assert.equal(sessionCookie({ cookie: `modelkeep=${value}; modelkeep=mk-ss-${'b'.repeat(43)}` }, false), undefined);
  for (const wrong of ['', 'mk-ss-short', `mk-pt-${'a'.repeat(43)}`, `${value}x`]) assert.equal(sessionCookie({ cookie: `modelkeep=${wrong}` }, false), undefined, wrong);
});

test('of a browser two words are kept, whatever it says of itself', () => {
  const words = (agent: string): string => `${browserOf(agent)} ${systemOf(agent)}`;
  assert.equal(words('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'), 'Firefox Linux');
  assert.equal(words('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0'), 'Edge Windows');
  assert.equal(words('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36'), 'Chrome Android');
  assert.equal(words('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1'), 'Safari iOS');
  assert.equal(words('a prompt that somebody put here'), 'other other');
});
