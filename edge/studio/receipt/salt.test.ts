import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { saltLabel } from '#contract/receipt.ts';
import { saltOf } from './salt.ts';

test('the browser derives the salt that the gateway used', async () => {
  assert.equal(await saltOf('mk-ek-key', 'req_1'), createHmac('sha256', 'mk-ek-key').update(`${saltLabel}\nreq_1`).digest('base64'));
});
