/**
 * Customers' files when processes are killed: at every step of an upload, a deletion and a rotation, and at random moments under load. What was acknowledged is there, what was
 * deleted is gone with a certificate, and after recovery nothing is left over. MODELKEEP_FAULT_ROUNDS (default 1) kills for each step.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { checkChain } from '#control/ledger/check-chain.ts';
import { Storage } from '#control/storage/storage.ts';
import { embeddedUrl } from '#control/storage/dump.ts';
import { verifyDeletion } from '#edge/verify/verify-deletion.ts';
import { Installation } from '../installation.ts';
import { content, DataClient, Refused } from './data-clients.ts';
import { DataLoad } from './data-load.ts';
import { DataState } from './data-state.ts';
import { steps } from './data-steps.ts';
import type { World } from './data-steps.ts';

const rounds = Number(process.env['MODELKEEP_FAULT_ROUNDS'] ?? 1);
/** Milliseconds: sweeps of control come every minute. */
const patience = 150_000;
const victims = ['gateway', 'control', 'key-custody', 'postgres', 'all'] as const;
type Victim = (typeof victims)[number];

let installation: Installation;
let world: World;
let load: DataLoad | undefined;

before(async () => {
  installation = await Installation.start();
  const [administrator] = /mk-ad-[\w-]{43}/.exec(installation.output) ?? [];
  assert.ok(administrator);
  const { token } = await installation.json<{ token: string }>('tokens', 'create', 'load');
  const [client, state] = [new DataClient(installation, { token, administrator }), new DataState(installation)];
  for (let i = 0; i < 40; i++) await client.upload(content(1000));
  const project = await state.sql(async (sql) => (await sql.query<{ id: string }>("select id from projects where name = 'default'")).rows[0]?.id);
  assert.ok(project);
  world = { client, state, project };
}, { timeout: 300_000 });

after(async () => {
  await load?.stop();
  await installation?.remove();
}, { timeout: 120_000 });

async function pidsOf(victim: Victim): Promise<number[]> {
  const processes = await installation.processes();
  if (victim !== 'all') return processes.filter(({ name }) => name === victim).map(({ pid }) => pid);
  return [await installation.supervisorPid(), ...processes.map(({ pid }) => pid)];
}

function kill(pids: number[]): void { for (const pid of pids) try { process.kill(pid, 'SIGKILL'); } catch { /* it went with another */ } }

/** Every process was started again, and files are taken, within two minutes. */
async function recovered(victim: Victim, killed: number[]): Promise<void> {
  if (victim === 'all') { await installation.ended(); await installation.up(); }
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      if (!(await installation.processes()).some(({ pid }) => killed.includes(pid))) { await world.client.upload(content(100)); return; }
    } catch { /* not yet */ }
    assert.ok(Date.now() < deadline, `${victim} did not come back:\n${installation.output.slice(-2000)}`);
    await sleep(50);
  }
}

let turn = 0;
/** Another one each time, so that none is killed again before it counts as steady. */
const next = (): Victim => victims[turn++ % victims.length] ?? 'all';

test('under load, a process is killed at a random moment', { timeout: rounds * 600_000 }, async (t) => {
  load = new DataLoad(world.client);
  for (let round = 0; round < rounds * victims.length; round++) {
    await sleep(500 + Math.random() * 1000);
    const victim = next();
    const pids = await pidsOf(victim);
    kill(pids);
    await recovered(victim, pids);
  }
  t.diagnostic(`${rounds * victims.length} kills, ${world.client.journal.stored.size} files stored, ${world.client.journal.deleted.size} deleted`);
});

for (const step of steps) {
  test(`a process is killed when this is so: ${step.name}`, { timeout: rounds * 180_000 }, async (t) => {
    let hits = 0;
    for (let round = 0; round < rounds; round++) {
      const victim = next();
      const pids = await pidsOf(victim);
      const { reached, goOn, ended } = await begin(step);
      if (await reached) hits++;
      kill(pids);
      goOn();
      await recovered(victim, pids);
      await ended;
    }
    t.diagnostic(`${hits} of ${rounds} kills at that step`);
  });
}

/** What has to be there first may meet what is still recovering under load. */
async function begin(step: (typeof steps)[number]): ReturnType<(typeof steps)[number]['begin']> {
  for (const deadline = Date.now() + 60_000; ;) {
    try { return await step.begin(world); } catch (error) { if (Date.now() > deadline) throw error; }
    await sleep(50);
  }
}

async function eventuallyNothing(look: () => Promise<string[]>): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found.length === 0) return;
    if (Date.now() > deadline) assert.deepEqual(found, []);
    await sleep(500);
  }
}

test('after recovery: nothing is left over, on the disk or in the database, and every rotation is finished', { timeout: 300_000 }, async () => {
  await load?.stop();
  await eventuallyNothing(() => world.state.faults());
});

test('after recovery: every acknowledged file is there, byte for byte', { timeout: 300_000 }, async () => {
  const { journal } = world.client;
  assert.deepEqual(load?.wrong, []);
  const lost: string[] = [];
  for (const file of journal.kept()) if (await world.client.digest(file).catch(String) !== journal.stored.get(file)) lost.push(file);
  assert.deepEqual(lost, []);
  // Those whose deletion nobody acknowledged are there as they were, or gone.
  for (const file of [...journal.asked].filter((each) => !journal.deleted.has(each))) {
    const found = await world.client.digest(file).catch((error: unknown) => (error instanceof Refused ? error.code : String(error)));
    assert.ok(found === 'file_not_found' || found === journal.stored.get(file), `${file}: ${found}`);
  }
});

test('after recovery: no deleted file can be read, and each has its certificate', { timeout: 300_000 }, async () => {
  const { client } = world;
  const key = await client.ledgerKey();
  for (const file of client.journal.deleted) {
    await assert.rejects(client.digest(file), (error) => error instanceof Refused && error.code === 'file_not_found');
    const verdict = await verifyDeletion({ file: await client.certificate(file), key });
    assert.ok(verdict.passed, `${file}: ${JSON.stringify(verdict.checks.at(-1))}`);
  }
});

test('after recovery: the ledger\'s chain is whole', { timeout: 60_000 }, async () => {
  const storage = await Storage.open(embeddedUrl(installation.run), { migrate: false });
  try { assert.equal((await storage.read(checkChain)).ok, true); } finally { await storage.close(); }
});

test('who was refused meanwhile was told to come back', (t) => {
  const { refusals } = world.client.journal;
  t.diagnostic(JSON.stringify(Object.fromEntries(refusals)));
  assert.deepEqual([...refusals.keys()].filter((code) => !errorCodes[code as ErrorCode].retry), [], world.state.unexpected().slice(0, 20).join('\n'));
});
