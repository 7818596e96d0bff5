import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Limits } from '#contract/http/deployments.ts';
import { Admission } from './admission.ts';
import { GatewayError } from './gateway-error.ts';

const limits = (more: Partial<Limits>): Limits => ({ requestsPerMinute: 0, tokensPerMinute: 0, concurrency: 1, queue: 2, queueTimeoutMs: 10_000, ...more });
const stays = new AbortController().signal;
const refusal = (code: string) => (error: unknown): boolean => error instanceof GatewayError && error.code === code;

describe('admission', () => {
  test('those who wait are let in one by one, in the order they came', async () => {
    const admission = new Admission(limits({}));
    const order: string[] = [];
    await admission.enter(stays);
    const waiting = ['first', 'second'].map((name) => admission.enter(stays).then(() => order.push(name)));
    await assert.rejects(admission.enter(stays), refusal('queue_full'));
    for (const each of waiting) { admission.leave(0); await each; }
    assert.deepEqual(order, ['first', 'second']);
    admission.leave(0);
    assert.equal(admission.active, 0);
  });

  test('one who waited too long, or left, gives up its place in the line', async () => {
    const admission = new Admission(limits({ queueTimeoutMs: 5 }));
    const gone = new AbortController();
    await admission.enter(stays);
    await assert.rejects(admission.enter(stays), refusal('queue_timeout'));
    const left = admission.enter(gone.signal);
    gone.abort();
    await assert.rejects(left, refusal('client_too_slow'));
    await assert.rejects(admission.enter(gone.signal), refusal('client_too_slow'));
    assert.deepEqual([admission.active, admission.waiting], [1, 0]);
  });

  test('a limit that is raised lets in who waits; one that is lowered lets nobody in until there is room', async () => {
    const admission = new Admission(limits({}));
    await admission.enter(stays);
    const second = admission.enter(stays);
    admission.update(limits({ concurrency: 2 }));
    await second;
    admission.update(limits({ concurrency: 1, queue: 1 }));
    const third = admission.enter(stays);
    admission.leave(0);
    assert.equal(admission.waiting, 1);
    admission.leave(0);
    await third;
    assert.equal(admission.active, 1);
  });
});
