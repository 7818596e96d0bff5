/**
 * What the ledger costs: changes with their entries beside plain inserts of the same rows, alternated in one run; and receipts, signed and put into the ledger.
 *
 *   npm run bench:ledger -- [--json] [--rounds N]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startDatabase } from '#control/storage/database-under-test.ts';
import { identifier } from '#control/identity/identifier.ts';
import { recordUsage } from '#control/metering/record-usage.ts';
import { ReceiptBatcher } from '#control/receipts/batcher.ts';
import { ReceiptDraft } from '#content/gateway/receipts/draft.ts';
import { newReceiptKey, ReceiptIssuer } from '#content/gateway/receipts/issuer.ts';
import { saltOf } from '#content/gateway/receipts/salt.ts';
import { newRequestId } from '#content/gateway/request-id.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '6' } } });
const rounds = Number(values.rounds);
const perRound = 400;
// Durable, as in use: every commit waits for the disk.
const database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL'], { durable: true });
const actor = { kind: 'local_user', id: 'local' } as const;
const at = new Date().toISOString();

/** Inserts per second of `one`, so many at a time. */
async function rate(one: () => Promise<unknown>, concurrency: number): Promise<number> {
  const started = performance.now();
  let left = perRound;
  await Promise.all(Array.from({ length: concurrency }, async () => { while (left-- > 0) await one(); }));
  return (perRound * 1000) / (performance.now() - started);
}
const middle = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const change = async (): Promise<void> => {
  const id = identifier('prj');
  await database.storage.transact(actor, async (tx) => {
    await tx.insertInto('projects').values({ id, name: id.replace('_', '-'), created_at: at, created_by: 'x' }).execute();
    return { result: undefined, entry: { kind: 'project.created', object: id, projectId: id, facts: { name: id } } };
  });
};
/** The same row without the ledger, each in a transaction of its own. */
const plain = async (): Promise<void> => {
  const id = identifier('prj');
  await database.storage.record(async (db) => { await (db as unknown as Parameters<Parameters<typeof database.storage.transact>[1]>[0]).insertInto('projects').values({ id, name: id.replace('_', '-'), created_at: at, created_by: 'x' }).execute(); });
};

const byConcurrency = [];
for (const concurrency of [1, 16]) {
  const measured: { plain: number[]; ledger: number[] } = { plain: [], ledger: [] };
  await rate(plain, concurrency); await rate(change, concurrency);
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? ['plain', 'ledger'] as const : ['ledger', 'plain'] as const) measured[name].push(await rate(name === 'plain' ? plain : change, concurrency));
  }
  byConcurrency.push({ concurrency, plainPerSecond: Math.round(middle(measured.plain)), ledgerPerSecond: Math.round(middle(measured.ledger)), ratio: Math.round(100 * middle(measured.ledger) / middle(measured.plain)) / 100 });
}

/** Receipts made, signed, committed as leaves and batched into the ledger; seconds of processor time of this process for all that is not the database. */
async function receipts(): Promise<object> {
  const { keyId, privateKey } = newReceiptKey();
  const issuer = new ReceiptIssuer({ region: 'local', geography: 'local', log: 'modelkeep/bench', keyId, engineDigest: null }, privateKey, 60_000);
  const batcher = new ReceiptBatcher(database.storage);
  const body = Buffer.from(JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Name a colour, please, and say why you like it.' }] }));
  const count = 50_000;
  const one = () => {
    const id = newRequestId();
    const draft = new ReceiptDraft(id, 'POST', saltOf('mk-ek-bench', id));
    draft.received(body);
    draft.forwarded(body.toString());
    return issuer.issue(draft, { outcome: 'complete', status: 200, code: null, tokens: { prompt: 9, cached: 0, output: 20 }, last: body }).leaf;
  };
  for (let i = 0; i < 5000; i++) one();
  const used = process.cpuUsage();
  const started = performance.now();
  for (let done = 0; done < count; done += 1000) {
    await recordUsage(database.storage, [], Array.from({ length: 1000 }, one));
    if (done % 5000 === 4000) await batcher.batch();
  }
  while (await batcher.batch() > 0);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(used);
  const left = await database.storage.read((db) => db.selectFrom('receipt_leaves').select(({ fn }) => fn.countAll().as('n')).where('batch', 'is', null).executeTakeFirstOrThrow());
  return { receipts: count, perSecond: Math.round(count / seconds), perSecondOfThisProcess: Math.round(count / ((user + system) / 1e6)), waitingAtTheEnd: Number(left.n) };
}
const report = { date: new Date().toISOString(), machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }, rounds, appends: byConcurrency, receipts: await receipts() };
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 1)}\n`);
else { console.table(report.appends); console.table([report.receipts]); }
await database.stop();
