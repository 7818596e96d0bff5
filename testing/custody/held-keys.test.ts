/** Keys that the gateway holds: for as long as custody says so, and no longer. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { sockets } from '#contract/installation.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import { forRecipient, recipientKey } from '../../holds-keys/custody/orders/for-recipient.ts';
import { Control, newId, Recipient } from '../../holds-keys/custody/orders-under-test.ts';
import { CustodyKeys } from '../../sees-content/gateway/keys/custody-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-held-'));
const keys = randomBytes(64);
let gateway: CustodyKeys;
let custody: Server;
/** What custody answers to a renewal; undefined: nothing. */
let renewal: [status: number, body: object] | undefined;
let paths: string[];
/** An order that custody does not answer, for it waits for a provider. */
let slow: boolean;
/** To whom the keys are given. */
let recipient: string;

before(async () => {
  custody = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
      paths.push(request.url ?? '');
      const say = ([status, body]: [number, object]): unknown => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (slow && request.url === '/create-data-keys') return;
      if (request.url === '/release-data-keys') say([200, { keys: forRecipient(keys, recipientKey(recipient), (JSON.parse(text) as { order: SignedOrder }).order), lease: 'lease-1' }]);
      else if (request.url === '/renew-lease') { if (renewal) say(renewal); } else say([200, {}]);
    });
  }).listen(join(folder, sockets.custody));
  await once(custody, 'listening');
});
after(() => { custody.close(); custody.closeAllConnections(); rmSync(folder, { recursive: true, force: true }); });
beforeEach(() => {
  paths = [];
  renewal = [200, { renewed: true }];
  slow = false;
  gateway = new CustodyKeys(folder);
  recipient = gateway.recipient.publicKey;
});
const order = (): SignedOrder => new Control().aboutObject({ action: 'release', project: newId('prj'), object: newId('obj'), recipient });

async function lost(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await once(signal, 'abort');
  return signal.reason;
}
/** The timers of a lease keep no process alive. */
const awake = setInterval(() => undefined, 1000);
after(() => clearInterval(awake));

test('they are the ones that custody gave, and are wiped when their holder ends', async () => {
  const held = await gateway.release(order());
  const [platform, customer] = [held.keys.platform, held.keys.customer];
  assert.deepEqual(Buffer.concat([platform, customer]), keys);
  held.end();
  assert.ok([...platform, ...customer].every((byte) => byte === 0));
  while (!paths.includes('/end-lease')) await new Promise((resolve) => { setTimeout(resolve, 10); });
  await gateway.close();
});

for (const [refusal, code] of [['customer_key_denied', 'customer_key_denied'], ['key_not_found', 'key_custody_unavailable'], ['customer_key_unreachable', 'customer_key_unreachable']] as const) {
  test(`a renewal that is refused (${refusal}) is told at once, by its code`, { timeout: 10_000 }, async () => {
    const held = await gateway.release(order());
    renewal = [409, { error: { code: refusal } }];
    assert.equal((await lost(held.signal) as { code?: string }).code, code);
    held.end();
    await gateway.close();
  });
}

test('a custody that says nothing, or nothing that it may say, has not renewed', { timeout: 10_000 }, async () => {
  for (const silence of [undefined, [500, { error: { code: 'internal_error' } }], [200, { renewed: false }]] as const) {
    const held = await gateway.release(order());
    renewal = silence as typeof renewal;
    assert.equal((await lost(held.signal) as { code?: string }).code, 'key_custody_unavailable');
    held.end();
    renewal = [200, { renewed: true }];
  }
  await gateway.close();
});

test('keys for another process are not opened, and the answer says no more than that there are none', async () => {
  recipient = new Recipient().publicKey;
  await assert.rejects(gateway.release(order()), { code: 'key_custody_unavailable' });
  await gateway.close();
});

test('other projects\' providers that are slow take nobody\'s keys away, and let everybody ask', { timeout: 20_000 }, async () => {
  const held = await gateway.release(order());
  slow = true;
  const waiting = Array.from({ length: 100 }, () => gateway.create(order()).catch(() => undefined));
  const renewed = paths.filter((path) => path === '/renew-lease').length;
  await new Promise((resolve) => { setTimeout(resolve, 2500); });
  assert.ok(!held.signal.aborted && paths.filter((path) => path === '/renew-lease').length > renewed + 3);
  (await gateway.release(order())).end();
  held.end();
  await gateway.close();
  await Promise.all(waiting);
});
