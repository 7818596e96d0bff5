/** The published ledger, checked by the Go project's own transparency-log packages: they know nothing of Modelkeep. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { startDatabase } from '#control/storage/database-under-test.ts';
import type { DatabaseUnderTest } from '#control/storage/database-under-test.ts';
import { ControlUnderTest } from '#control/server/control-under-test.ts';
import type { LedgerEntryInput } from '#control/ledger/entry.ts';
import { command, Installation, project } from '../installation.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-ledger-'));
const verifier = join(folder, 'verify');
let database: DatabaseUnderTest;
let control: ControlUnderTest;
let unverifiable: string | false = false;
before(async () => {
  const built = spawnSync('go', ['build', '-o', verifier, '.'], { cwd: join(project, 'testing/ledger/verify'), encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' } });
  if (built.error) unverifiable = 'go is not installed';
  else assert.equal(built.status, 0, built.stderr);
  database = await startDatabase(undefined);
  control = await ControlUnderTest.start(database);
});
after(async () => { await control.stop(); await database.stop(); rmSync(folder, { recursive: true }); });

const system = { kind: 'system', id: 'control' } as const;
async function append(count: number): Promise<void> {
  for (let done = 0; done < count; done += 500) {
    const entries = Array.from({ length: Math.min(500, count - done) }, (_, i): LedgerEntryInput => ({ kind: 'token.created', object: `key_${done + i}`, projectId: null, facts: { expiresAt: null, slot: 'primary' } }));
    await database.storage.transact(system, () => Promise.resolve({ result: undefined, entries }));
  }
  await control.context.ledger.publish();
}

/** Saves what is published, as anyone could. @returns the size of the tree */
async function mirror(to: string, get: (path: string) => Promise<Buffer>): Promise<number> {
  const save = async (path: string): Promise<Buffer> => {
    const bytes = await get(`/ledger/${path}`);
    mkdirSync(dirname(join(to, path)), { recursive: true });
    writeFileSync(join(to, path), bytes);
    return bytes;
  };
  await save('key');
  const size = Number((await save('checkpoint')).toString().split('\n')[1]);
  for (let level = -1, count = size; count > 0; level++, count = level === 0 ? size : Math.floor(count / 256)) {
    for (let index = 0; index * 256 < count; index++) {
      const width = Math.min(256, count - index * 256);
      await save(`tile/${level < 0 ? 'entries' : level}/${spell(index)}${width === 256 ? '' : `.p/${width}`}`);
    }
  }
  return size;
}
function spell(index: number): string {
  const groups = String(index).padStart(Math.ceil(String(index).length / 3) * 3, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}
const fromControl = async (path: string): Promise<Buffer> => await control.bytes(path);
const verify = (at: string, older = join(at, 'checkpoint')): string => spawnSync(verifier, [at, older], { encoding: 'utf8' }).stdout.trim();

test('a log of ten thousand entries: signatures, inclusion of every entry, consistency with an older checkpoint', { timeout: 300_000 }, async (t) => {
  if (unverifiable !== false) { t.skip(unverifiable); return; }
  await append(700);
  const before = join(folder, 'before');
  const old = await mirror(before, fromControl);
  await append(10_000 - old + 1);
  const now = join(folder, 'now');
  const size = await mirror(now, fromControl);
  assert.ok(size > 10_000 && old > 700 && old < 1000, `${old}, ${size}`);
  assert.equal(verify(now, join(before, 'checkpoint')), `ok ${size}`);
});

test('a row changed, taken out or put elsewhere by hand is found out', { timeout: 300_000 }, async (t) => {
  if (unverifiable !== false) { t.skip(unverifiable); return; }
  await append(1);
  const older = join(folder, 'older');
  await mirror(older, fromControl);
  await database.statement('create table kept as select * from ledger_entries');
  for (const [name, change] of Object.entries({
    changed: `update ledger_entries set actor_id = 'nobody' where seq = 400`,
    'a sealed fact changed': `update ledger_entries set facts = '{"expiresAt":"2030-01-01T00:00:00.000Z","slot":"primary"}' where seq = 400`,
    'two exchanged': `update ledger_entries set object = case seq when 400 then (select object from kept where seq = 401) else (select object from kept where seq = 400) end where seq in (400, 401)`,
    'taken out': 'delete from ledger_entries where seq = 400',
  })) {
    await database.statement('alter table ledger_entries disable trigger ledger_append_only');
    await database.statement(change);
    const at = join(folder, name.replaceAll(' ', '-'));
    await mirror(at, fromControl);
    const verdict = spawnSync(verifier, [at, join(older, 'checkpoint')], { encoding: 'utf8' });
    assert.notEqual(verdict.status, 0, `${name}: ${verdict.stdout}`);
    const own = await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'checkpoint', join(older, 'checkpoint'), join(at, 'checkpoint'), '--ledger', at, '--json']);
    assert.equal(own.code, 1, `${name}: ${own.stdout}`);
    await database.statement('delete from ledger_entries');
    await database.statement('insert into ledger_entries select * from kept');
    await database.statement('alter table ledger_entries enable trigger ledger_append_only');
  }
  // Whoever writes the tiles anew as well has a whole tree, and another root than the one that was signed before.
  await database.statement('alter table ledger_entries disable trigger ledger_append_only');
  await database.statement(`update ledger_entries set actor_id = 'nobody' where seq = 400`);
  await database.statement('delete from ledger_tiles');
  await database.statement('delete from ledger_checkpoints');
  await control.context.ledger.publish();
  const rewritten = join(folder, 'rewritten');
  await mirror(rewritten, fromControl);
  assert.match(verify(rewritten), /^ok/);
  assert.doesNotMatch(verify(rewritten, join(older, 'checkpoint')), /^ok/);
});

test('the gateway serves it to anyone, and what is not there is said in JSON', { timeout: 120_000 }, async (t) => {
  const installation = await Installation.start();
  try {
    const get = async (path: string): Promise<Response> => await fetch(`${installation.origin}${path}`);
    await installation.json('tokens', 'create', 'a-private-name');
    // The starts of the processes and the receipt of the command are entered a moment later.
    const published = async (): Promise<number> => Number((await (await get('/ledger/checkpoint')).text()).split('\n')[1]);
    const created = async (upTo: number): Promise<boolean> => (await (await get(`/ledger/tile/entries/000.p/${upTo}`)).text()).includes('"token.created"');
    for (let i = 0; i < 100 && !await created(await published()); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    const at = join(folder, 'gateway');
    let size = await mirror(at, async (path) => Buffer.from(await (await get(path)).arrayBuffer()));
    if (unverifiable === false) assert.equal(verify(at), `ok ${size}`); else t.diagnostic(unverifiable);
    const entries = await get(`/ledger/tile/entries/000.p/${size}`);
    assert.match(entries.headers.get('cache-control') ?? '', /immutable/);
    const text = await entries.text();
    assert.match(text, /"kind":"token\.created"/);
    assert.ok(!text.includes('a-private-name') && !text.includes('smollm2'), 'names are sealed');
    for (const path of ['tile/0/001', 'tile/0/000', `tile/0/000.p/${size + 100}`, 'tile/0/000.p/0', 'tile/0/000.p/256', 'tile/64/000', 'tile/0/x000/000', 'tile/0/..%2f', 'tile/-1/000', 'nothing']) {
      const answer = await get(`/ledger/${path}`);
      assert.deepEqual([path, answer.status, (await answer.json() as { error: { code: string } }).error.code], [path, 404, 'not_found']);
    }
    // Every process killed: what was published stays, what was not is published at the next start.
    const before = await (await get('/ledger/checkpoint')).text();
    writeFileSync(join(folder, 'before-kill'), before);
    await Promise.all([installation.json('tokens', 'create', 'another'), installation.json('tokens', 'create', 'third')]);
    for (const { name, pid } of await installation.processes()) if (name === 'control' || name.includes('postgres')) process.kill(pid, 'SIGKILL');
    const wanted = size + 2;
    for (let i = 0; i < 300 && size < wanted; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const answer = await get('/ledger/checkpoint').catch(() => undefined);
      if (answer?.status === 200) size = Number((await answer.text()).split('\n')[1]);
    }
    assert.ok(size >= wanted, `${size} of ${wanted}`);
    const later = join(folder, 'after-kill');
    await mirror(later, async (path) => Buffer.from(await (await get(path)).arrayBuffer()));
    if (unverifiable === false) assert.match(verify(later, join(folder, 'before-kill')), /^ok/);
    // The product's own verifier: over the network, and from a folder alone.
    const own = async (...args: string[]): Promise<{ code: number; stdout: string }> => await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'checkpoint', join(folder, 'before-kill'), join(later, 'checkpoint'), ...args]);
    for (const place of [`${installation.origin}/ledger`, later]) {
      const { code, stdout } = await own('--ledger', place, '--key', join(at, 'key'), '--json');
      assert.deepEqual([code, (JSON.parse(stdout) as { passed: boolean }).passed], [0, true], stdout);
    }
    const wrong = await own('--ledger', later, '--key', join(later, 'checkpoint'));
    assert.equal(wrong.code, 1);
    assert.match(wrong.stdout, /✗ verifier key: key_malformed/);
  } finally { await installation.remove(); }
});
