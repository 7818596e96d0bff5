import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../server/refusal.ts';
import { Attempts } from './attempts.ts';

/** The wait that is demanded, in milliseconds; 0 where the attempt is let through. */
function waitOf(attempts: Attempts, name: string): number {
  try { attempts.begin(name); return 0; } catch (error) { return (error as Refusal).retryAfterMs ?? -1; }
}

test('five attempts are free, then each wait is twice as long, and never more than a minute', () => {
  let now = 0;
  const attempts = new Attempts(() => now);
  for (let i = 0; i < 5; i++) assert.equal(waitOf(attempts, 'eve'), 0);
  const waits = Array.from({ length: 9 }, () => {
    const wait = waitOf(attempts, 'eve');
    now += wait;
    assert.equal(waitOf(attempts, 'eve'), 0);
    return wait / 1000;
  });
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('success forgets the failures; another name is not slowed; a quarter of an hour forgets, too', () => {
  let now = 0;
  const attempts = new Attempts(() => now);
  for (let i = 0; i < 5; i++) attempts.begin('eve');
  assert.equal(waitOf(attempts, 'adam'), 0);
  attempts.succeeded('eve');
  for (let i = 0; i < 5; i++) assert.equal(waitOf(attempts, 'eve'), 0);
  now += 15 * 60_000;
  for (let i = 0; i < 5; i++) assert.equal(waitOf(attempts, 'eve'), 0);
});

test('trying ten thousand other names does not make a slowed one forgotten', () => {
  let now = 0;
  const attempts = new Attempts(() => now);
  for (let i = 0; i < 8; i++) { now += waitOf(attempts, 'eve'); waitOf(attempts, 'eve'); }
  assert.ok(waitOf(attempts, 'eve') > 0);
  for (let i = 0; i < 20_000; i++) attempts.begin(`name-${i}`);
  assert.ok(waitOf(attempts, 'eve') > 0);
});
