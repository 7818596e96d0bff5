import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { canonicalJson } from '#contract/canonical-json.ts';
import { Receipt } from '#contract/receipt.ts';
import { credential, id, projects, routeTo } from '../gateway-under-test.ts';
import { newRequestId } from '../request-id.ts';
import { ReceiptDraft } from './draft.ts';
import { newReceiptKey, ReceiptIssuer } from './issuer.ts';
import { KeptReceipts } from './kept-receipts.ts';
import { saltOf } from './salt.ts';

const { keyId, publicKey, privateKey } = newReceiptKey();
const issuer = new ReceiptIssuer({ region: 'here', geography: 'home', log: 'modelkeep/test', keyId, engineDigest: null }, privateKey, 60_000);
const parts = fc.record({
  received: fc.option(fc.uint8Array()), forwarded: fc.option(fc.string({ unit: 'binary' })), frames: fc.array(fc.string({ unit: 'binary' })), last: fc.string({ unit: 'binary' }), authenticated: fc.boolean(),
  outcome: fc.constantFrom('complete', 'refused', 'aborted', 'failed'), status: fc.integer({ min: 200, max: 599 }), code: fc.constantFrom(null, 'invalid_api_key', 'engine_failed'), tokens: fc.option(fc.record({ prompt: fc.nat(), cached: fc.nat(), output: fc.nat() })),
} as const);

test('whatever a request was, its receipt is the contract\'s, canonical, signed, and its commitments open with the key', () => {
  fc.assert(fc.property(parts, ({ received, forwarded, frames, last, authenticated, outcome, status, code, tokens }) => {
    const requestId = newRequestId();
    const draft = new ReceiptDraft(requestId, 'POST', saltOf('mk-ek-key', requestId));
    draft.endpoint = '/v1/chat/completions';
    if (authenticated) {
      const { kind, id: keyName } = credential('mk-ek-key', {});
      draft.principal = { kind, id: keyName, projectId: projects.default, deploymentId: id('dep', 1) };
      draft.route = routeTo(1, 'x', 'http://127.0.0.1:1/v1');
      draft.profile = { tier: 'external', claim: 'operator_asserted', findings: [] };
    }
    if (received) draft.received(Buffer.from(received));
    if (forwarded !== null) draft.forwarded(forwarded);
    for (const frame of frames) draft.returned(frame);
    const { text, leaf } = issuer.issue(draft, { outcome, status, code, tokens: tokens ?? undefined, last });
    const receipt = Receipt.parse(JSON.parse(text));
    assert.equal(text, canonicalJson(receipt));
    assert.equal(leaf.hash, createHash('sha256').update(`\0${text}`).digest('hex'));
    const { signature, ...signed } = receipt;
    const key = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]), format: 'der', type: 'spki' });
    assert.ok(verify(null, Buffer.from(canonicalJson(signed)), key, Buffer.from(signature, 'hex')));
    const salt = createHmac('sha256', 'mk-ek-key').update(`modelkeep/receipt/1\n${requestId}`).digest();
    const commitment = (type: string, bytes: Buffer): string => `sha256:${createHash('sha256').update(salt).update(`${type}\n`).update(bytes).digest('hex')}`;
    const answer = Buffer.concat([...frames, last].map((frame) => Buffer.from(frame)));
    assert.deepEqual(receipt.event_log.at(-1), { type: 'response.returned', commitment: commitment('response.returned', answer), bytes: answer.length });
    assert.equal(receipt.event_log[0]?.commitment, received ? commitment('request.received', Buffer.from(received)) : null);
  }), { numRuns: 200 });
});

test('the same prompt has another commitment in another request, and nothing plain to compare it with', () => {
  const commitments = [1, 2].map(() => {
    const requestId = newRequestId();
    const draft = new ReceiptDraft(requestId, 'POST', saltOf('mk-ek-key', requestId));
    draft.received(Buffer.from('yes'));
    return (JSON.parse(issuer.issue(draft, { outcome: 'refused', status: 400, code: 'invalid_json' }).text) as Receipt).event_log[0]?.commitment;
  });
  assert.notEqual(commitments[0], commitments[1]);
  assert.ok(!commitments.includes(`sha256:${createHash('sha256').update('yes').digest('hex')}`));
});

test('receipts are kept for their time and within their bound', async () => {
  const kept = new KeptReceipts(50, 100);
  const one = { text: Buffer.alloc(40), leaf: '', owner: null };
  for (const name of ['a', 'b', 'c']) kept.keep(name, one);
  assert.deepEqual(['a', 'b', 'c'].map((name) => kept.find(name) !== undefined), [false, true, true]);
  await sleep(70);
  assert.equal(kept.find('c'), undefined);
});
