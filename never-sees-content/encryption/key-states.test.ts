/** A customer's refusal holds in control until the key answers: silence and a restart of key custody are no answer. */
import assert from 'node:assert/strict';
import { after, afterEach, beforeEach, test } from 'node:test';
import type { z } from 'zod';
import type { WatchKeyStates } from '#contract/internal/custody.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { LedgerEntryInput } from '../ledger/entry.ts';
import type { Change, Storage, Writer } from '../storage/storage.ts';
import { KeyStates } from './key-states.ts';

type Told = z.output<typeof WatchKeyStates.response>;
type State = Told['states'][number];
const project = 'prj_00000000000000000000000000';
let states: KeyStates;
let entries: LedgerEntryInput['kind'][];
let version: number;
let away: boolean;
let asksAgain = (): void => undefined;
/** Control's own patience keeps no process alive. */
const awake = setInterval(() => undefined, 1000);
after(() => clearInterval(awake));
/** What custody says one after the other, whenever it is asked. */
let said: PromiseWithResolvers<Told>[];
beforeEach(() => {
  [entries, version, said] = [[], 0, [Promise.withResolvers()]];
  away = false;
  let asked = 0;
  const custody = { watchKeyStates: async () => { asksAgain(); return await said[asked++]?.promise; } } as unknown as CustodyClient;
  const storage = { transact: async (_actor: unknown, work: (tx: Writer) => Promise<Change<unknown>>) => { if (away) throw new Error('the database is away'); const made = await work(undefined as unknown as Writer); if ('entry' in made) entries.push(made.entry.kind); } } as unknown as Storage;
  states = new KeyStates(custody, storage);
});
afterEach(() => states.close());

/** Resolves when control has acted on it. */
async function tell(...told: State[]): Promise<void> {
  const acted = new Promise<void>((resolve) => { asksAgain = resolve; });
  said.push(Promise.withResolvers());
  said[version]?.resolve({ version: version + 1, states: told });
  version++;
  await acted;
}
const stop = (state: State['state']): State => ({ project, state, onDenied: 'stop' });

test('denied, then silent: still closed, and nothing in the ledger says that it answered', async () => {
  states.start();
  await tell(stop('enabled'));
  assert.deepEqual([states.suspended(project), states.denied(project)], [false, false]);
  await tell(stop('denied'));
  await tell(stop('unreachable'));
  assert.deepEqual([states.suspended(project), states.denied(project), entries], [true, true, ['customer_key.refused']]);
  await tell(stop('denied'));
  assert.deepEqual(entries, ['customer_key.refused'], 'the same refusal');
  await tell(stop('unreachable'));
  await tell(stop('enabled'));
  assert.deepEqual([states.suspended(project), states.denied(project), entries], [false, false, ['customer_key.refused', 'customer_key.answered']]);
});

test('only silent: nothing is closed', async () => {
  states.start();
  await tell(stop('unreachable'));
  assert.deepEqual([states.suspended(project), states.denied(project), entries], [false, false, []]);
});

test('before custody has said anything, nothing is known; who waits for that is told', async () => {
  states.start();
  assert.equal(states.known, false);
  const first = states.first();
  await tell();
  await first;
  assert.equal(states.known, true);
});

test('refused while the database is away: closed at once, and entered when it is back', { timeout: 10_000 }, async () => {
  states.start();
  away = true;
  await tell(stop('denied'));
  assert.deepEqual([states.suspended(project), entries], [true, []]);
  away = false;
  await tell(stop('denied'));
  await tell(stop('denied'));
  assert.deepEqual(entries, ['customer_key.refused']);
});
