/** The tree that is published, against the definition of RFC 6962, at every size and through every interruption. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { leafOf } from './leaf.ts';
import { leafHash, rootOf, rootOfPerfect, tileWidth } from './merkle.ts';
import { parseTileIndex, publishedLedger } from './published.ts';
import { LedgerPublisher } from './publisher.ts';

let database: DatabaseUnderTest;
before(async () => { database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']); });
after(() => database.stop());

const sha256 = (...parts: (string | Buffer)[]): Buffer => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
/** MTH of RFC 6962, section 2.1, word for word. */
function defined(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return leaves[0] as Buffer;
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  return sha256('\x01', defined(leaves.slice(0, k)), defined(leaves.slice(k)));
}

test('the root from the edges of tiles is that of the definition, at every size to 600 and around 65,536', () => {
  const leaves = Array.from({ length: tileWidth ** 2 + 3 }, (_, i) => leafHash(Buffer.from(String(i))));
  const edgeOf = (size: number): Buffer[][] => {
    const edge: Buffer[][] = [];
    for (let row = leaves.slice(0, size); row.length > 0;) {
      const whole = Math.floor(row.length / tileWidth);
      edge.push(row.slice(whole * tileWidth));
      row = Array.from({ length: whole }, (_, i) => rootOfPerfect(row.slice(i * tileWidth, (i + 1) * tileWidth)));
    }
    return edge;
  };
  for (const size of [...Array.from({ length: 600 }, (_, i) => i), 65_535, 65_536, 65_537, 65_539]) assert.deepEqual(rootOf(size, edgeOf(size)), defined(leaves.slice(0, size)), String(size));
});

test('a tile has one spelling', () => {
  assert.deepEqual(parseTileIndex(['x001', 'x234', '067.p', '8']), { index: 1_234_067, width: 8 });
  assert.deepEqual(parseTileIndex(['000']), { index: 0, width: 256 });
  for (const wrong of [['0'], ['x000', '001'], ['001', '002'], ['001.p'], ['001.p', '0'], ['001.p', '256'], ['001.p', '08'], ['1234'], []]) assert.throws(() => parseTileIndex(wrong), String(wrong));
});

async function append(count: number): Promise<void> {
  await database.storage.transact({ kind: 'system', id: 'control' }, () => Promise.resolve({
    result: undefined, entries: Array.from({ length: count }, (_, i) => ({ kind: 'token.created' as const, object: `key_${i}`, projectId: null, facts: { name: 'hidden', modelDigest: 'shown' } })),
  }));
}
const checkpoint = async (): Promise<string> => (await publishedLedger('ledgerCheckpoint', {}, database.storage)).body.toString();
const sign = ({ origin, size, root }: { origin: string; size: number; root: string }): Promise<{ note: string; verifierKey: string }> => Promise.resolve({ note: `${origin}\n${size}\n${root}\n`, verifierKey: 'key' });
async function expected(): Promise<string> {
  const rows = await database.storage.read((db) => db.selectFrom('ledger_entries').selectAll().orderBy('seq').execute());
  return `modelkeep/key_0\n${rows.length}\n${defined(rows.map((row) => leafHash(leafOf(row)))).toString('base64')}\n`;
}

test('names stay out of the leaf, digests stand in it, and the commitment depends on both salt and facts', async () => {
  await append(2);
  const rows = await database.storage.read((db) => db.selectFrom('ledger_entries').selectAll().orderBy('seq').execute());
  const [first, second] = rows.map((row) => JSON.parse(leafOf(row).toString()) as { facts: object; sealed: string });
  assert.deepEqual(first?.facts, { modelDigest: 'shown' });
  assert.notEqual(first?.sealed, second?.sealed, 'the same facts, sealed apart');
});

test('whatever fails on the way, the checkpoint before stands and the next one is right', async () => {
  const publisher = new LedgerPublisher(database.storage, { signCheckpoint: sign });
  await publisher.publish();
  assert.equal(await checkpoint(), await expected());
  for (const count of [1, 253, 1, 1, 256, 700]) {
    const before = await checkpoint();
    await append(count);
    // Custody away; then a database that takes the checkpoint and no tile; then one that takes no checkpoint.
    let away = true;
    const failing = new LedgerPublisher(database.storage, { signCheckpoint: (request) => (away ? Promise.reject(new Error('away')) : sign(request)) });
    const publishing = failing.publish();
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(await checkpoint(), before);
    for (const table of ['ledger_tiles', 'ledger_checkpoints']) {
      await database.statement(`alter table ${table} rename to elsewhere`);
      away = false;
      await new Promise((resolve) => setTimeout(resolve, 60));
      await database.statement(`alter table elsewhere rename to ${table}`);
    }
    await publishing;
    assert.equal(await checkpoint(), await expected());
  }
});

test('two publishers at once publish one log', async () => {
  for (let round = 0; round < 5; round++) {
    await append(10);
    await Promise.all([1, 2, 3].map(() => new LedgerPublisher(database.storage, { signCheckpoint: sign }).publish()));
    assert.equal(await checkpoint(), await expected());
  }
});

test('an entry that is missing stops the log instead of being passed over', async () => {
  const before = await checkpoint();
  await append(2);
  await database.statement('alter table ledger_entries disable trigger ledger_append_only');
  await database.statement('delete from ledger_entries where seq = (select max(seq) - 1 from ledger_entries)');
  const publisher = new LedgerPublisher(database.storage, { signCheckpoint: sign });
  const publishing = publisher.publish();
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await checkpoint(), before);
  await publisher.close();
  await publishing;
});
