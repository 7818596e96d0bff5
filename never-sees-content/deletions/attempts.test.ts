import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { DeletionAttempt } from '#contract/internal/objects.ts';
import { DeletionAttempts } from './attempts.ts';

/** The stream to a gateway, with what was written to it. */
class Stream extends EventEmitter {
  readonly lines: string[] = [];
  writeHead(): this { return this; }
  write(line: string): boolean { if (line.trim() !== '') this.lines.push(line); return true; }
  end(): void { this.emit('close'); }
}
const make = (): Omit<DeletionAttempt, 'attempt'> => ({ copy: 'a copy', sealedAs: { owner: 'prj_1', purpose: 'file', object: 'obj_1' }, sealedBytes: 1, order: { order: '', signature: '' } });

test('a gateway that tries a thousand copies and leaves in the middle: each attempt ends, and nothing is kept of it', { timeout: 10_000 }, async () => {
  const attempts = new DeletionAttempts();
  const stream = new Stream();
  attempts.connect(stream as unknown as ServerResponse, 'r');
  const before = stream.listenerCount('close');
  for (let n = 1; n <= 1000; n++) {
    const trying = attempts.attempt(make);
    attempts.answered({ attempt: n, outcome: 'opened' });
    assert.equal(await trying, 'opened');
  }
  assert.deepEqual([stream.lines.length, stream.listenerCount('close')], [1000, before]);
  const left = [attempts.attempt(make), attempts.attempt(make)];
  stream.emit('close');
  assert.deepEqual(await Promise.all(left), [undefined, undefined]);
  assert.equal(await attempts.attempt(make), undefined, 'nobody is there');
});
