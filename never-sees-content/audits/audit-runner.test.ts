/** Audits that control starts: one at a time, with their progress, whoever looks; what they came to is in the ledger. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '#contract/http/audits.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { AuditRunner } from './audit-runner.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
let folders: { dataFolder: string; runFolder: string };
const actor = { kind: 'local_user', id: 'local' } as const;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
  folders = control.context.config;
});
after(async () => { await control.stop(); await database.stop(); });

const report = { passed: true, startedAt: '2026-11-26T00:00:00.000Z', finishedAt: '2026-11-26T00:00:09.000Z', durationS: 9, planted: { cells: 7, operations: [{}] }, leaks: [], places: [{ bytes: 5 }], positiveControl: { found: true }, checks: [{ says: 'all is well', holds: true }] };
/** A program that says and writes what an audit does. */
function program(name: string, ending: string): string {
  const path = join(folders.dataFolder, `${name}.mjs`);
  writeFileSync(path, `import { mkdirSync, writeFileSync } from 'node:fs';
    const out = process.argv[process.argv.indexOf('--out') + 1];
    console.log(JSON.stringify({ step: 'planting', done: 3, total: 10 }));
    if (Object.keys(process.env).length > 0) process.exit(9);
    await new Promise((resolve) => setTimeout(resolve, 300));
    ${ending}`);
  return path;
}
const writes = `mkdirSync(out, { recursive: true }); writeFileSync(out + '/report.json', ${JSON.stringify(JSON.stringify(report))}); writeFileSync(out + '/report.html', '<script>alert(1)</script>');`;
async function ended(runner: AuditRunner, id: string): Promise<Audit> {
  for (;;) { const audit = await runner.show(id); if (audit && audit.state !== 'running') return audit; await sleep(30); }
}

describe('an audit', () => {
  test('is one at a time, tells how far it is, and ends in a summary and in the ledger', async () => {
    const runner = new AuditRunner(database.storage, folders, program('good', writes));
    const first = await runner.start(actor);
    await assert.rejects(runner.start(actor), { code: 'audit_running' });
    for (let i = 0; i < 100 && (await runner.show(first.id))?.steps[1]?.done !== 3; i++) await sleep(20);
    assert.deepEqual((await runner.show(first.id))?.steps[1], { step: 'planting', done: 3, total: 10 });
    assert.equal((await runner.list())[0]?.state, 'running');
    const last = await ended(runner, first.id);
    assert.deepEqual([last.state, last.summary?.cells, last.summary?.bytes, last.summary?.leaks], ['passed', 7, 5, 0]);
    await runner.close();
    const entries = await database.statement("select kind, facts from ledger_entries where object = $1 order by seq", [first.id]);
    assert.deepEqual(entries, [{ kind: 'audit.started', facts: {} }, { kind: 'audit.finished', facts: { verdict: 'passed', reportDigest: last.summary?.reportDigest } }]);
    const texts = await control.get<{ report: string; page: string; signature: null }>('GET', `/api/audits/${first.id}/report`);
    assert.deepEqual([JSON.parse(texts.report), texts.page, texts.signature], [report, '<script>alert(1)</script>', null]);
  });
  test('that ends without a report says why by its code', async () => {
    const runner = new AuditRunner(database.storage, folders, program('bad', "console.log(JSON.stringify({ error: { code: 'no_model', message: 'words' } })); process.exit(1);"));
    const last = await ended(runner, (await runner.start(actor)).id);
    assert.deepEqual([last.state, last.failure, last.summary], ['unfinished', 'no_model', null]);
  });
  test('that is under way elsewhere is waited for', async () => {
    const lock = join(folders.dataFolder, 'audits', 'lock');
    // Its name is in this process's command line as it is in that of an audit.
    const runner = new AuditRunner(database.storage, folders, program('held', 'await new Promise(() => setInterval(() => {}, 1000));'));
    const held = await runner.start(actor);
    writeFileSync(lock, 'not a process');
    await assert.rejects(runner.start(actor), { code: 'audit_running' });
    await runner.close();
    assert.equal((await runner.show(held.id))?.state, 'unfinished');
  });
});

describe('over the API', () => {
  test('what the installation cannot audit is told, and kept for whoever asks later', async () => {
    const { id } = await control.get<Audit>('POST', '/api/audits');
    for (let i = 0; i < 200 && (await control.get<Audit>('GET', `/api/audits/${id}`)).state === 'running'; i++) await sleep(50);
    const audit = await control.get<Audit>('GET', `/api/audits/${id}`);
    assert.deepEqual([audit.state, audit.failure], ['unfinished', 'not_running']);
  });
  test('reports of the command line are listed, others in the folder are not', async () => {
    const folder = join(folders.dataFolder, 'audits', '2020-01-01T00-00-00.000Z');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'report.json'), JSON.stringify(report));
    for (const name of ['elsewhere', '2020-01-02T00-00-00.000Z']) mkdirSync(join(folders.dataFolder, 'audits', name), { recursive: true });
    const ids = (await control.get<{ data: Audit[] }>('GET', '/api/audits')).data.map(({ id }) => id);
    assert.ok(ids.includes('2020-01-01T00-00-00.000Z') && !ids.includes('elsewhere') && !ids.includes('2020-01-02T00-00-00.000Z'));
  });
  test('an id that leads elsewhere is none', async () => {
    assert.equal(await control.refusal('GET', '/api/audits/..%2F..%2Fkeys/report'), '404 not_found audit');
    assert.equal(await control.refusal('GET', '/api/audits/2020-01-02T00-00-00.000Z/report'), '404 audit_not_found audit');
  });
});
