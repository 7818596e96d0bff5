/** P16: what is deleted is gone, provably: by the verifier alone, whatever dies meanwhile, and as often as it is asked. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { z } from 'zod';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { DeletionCertificate, DeletionStatement } from '#contract/deletion.ts';
import { sockets } from '#contract/installation.ts';
import { command, Installation, project } from '../installation.ts';
import { atRest, partsAtRest, rows, settled, until } from './at-rest.ts';
import type { AtRest } from './at-rest.ts';
import { accepted, Caller } from './caller.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-deletion-'));
let installation: Installation;
let caller: Caller;
before(async () => {
  installation = await Installation.start();
  caller = await Caller.operatorsToken(installation, 'deletion');
}, { timeout: 150_000 });
after(async () => { await caller?.close(); await installation?.remove(); rmSync(folder, { recursive: true, force: true }); });

type Process = 'gateway' | 'control' | 'key-custody';
async function pidOf(name: Process): Promise<number> {
  const pid = (await installation.processes()).find((each) => each.name === name)?.pid ?? 0;
  assert.ok(pid > 0, `${name} runs`);
  return pid;
}
const again = async (): Promise<void> => { await until('it serves again', async () => { try { return (await caller.ask('GET', '/api/encryption')).status === 200; } catch { return false; } }); };

/** Fetches the certificate, has the verifier check it, and gives what it says. */
async function certificateOf(id: string): Promise<DeletionStatement> {
  const certificate = accepted<z.output<typeof DeletionCertificate>>(await caller.ask('GET', `/api/ledger/deletions/${id}`));
  const path = join(folder, `${id}.json`);
  writeFileSync(path, canonicalJson(certificate));
  const verify = async (): Promise<{ code: number; stdout: string; stderr: string }> => await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'deletion', path, '--json']);
  const verdict = await verify();
  assert.equal(verdict.code, 0, verdict.stdout + verdict.stderr);
  assert.match(verdict.stdout, new RegExp(`${id} was deleted at`));
  writeFileSync(path, JSON.stringify(certificate, null, 2));
  assert.equal((await verify()).code, 0, 'as a script writes it that took it out of an answer');
  writeFileSync(path, canonicalJson(certificate).replace('key_not_found', 'key_not_fouND'));
  assert.equal((await verify()).code, 1, 'another statement is not the one in the ledger');
  return JSON.parse(String(certificate.entry.opening.facts['statement'])) as DeletionStatement;
}
const attempts = ({ copies }: DeletionStatement): (string | undefined)[] => { const sealed = copies.find(({ copy }) => copy === 'the sealed bytes'); return [sealed?.before, sealed?.after, sealed?.outcome]; };
function assertGone(at: AtRest): void { assert.deepEqual([existsSync(at.bytes), existsSync(at.keys)], [false, false]); }

test('a file: its certificate says that it opened before and does not now, and the verifier agrees', async () => {
  const file = await caller.stored(randomBytes(600_000));
  const at = await atRest(installation, file);
  assert.equal((await caller.ask('GET', `/api/ledger/deletions/${file.id}`)).code, 'deletion_not_found');
  accepted(await caller.remove(file.id));
  assertGone(at);
  assert.deepEqual(attempts(await certificateOf(file.id)), ['opened', 'key_not_found', 'absent']);
  for (const answer of [await caller.show(file.id), await caller.content(file.id)]) assert.equal(answer.code, 'file_not_found');
});

test('twice, and ten times at once: harmless, and one certificate', async () => {
  const { id } = await caller.stored('twice');
  const answers = await Promise.all(Array.from({ length: 10 }, () => caller.remove(id)));
  answers.push(await caller.remove(id));
  assert.deepEqual(answers.map(({ status, body }) => [status, body['deleted']]), answers.map(() => [200, true]));
  assert.equal((await rows(installation, 'select 1 from ledger_entries where object = $1 and kind = $2', [id, 'file.deleted'])).length, 1);
  await certificateOf(id);
  assert.equal((await caller.remove('fil_00000000000000000000000000')).code, 'file_not_found');
});

test('another file beside it stays as it is', async () => {
  const [gone, stays] = [await caller.stored('gone'), await caller.stored('stays')];
  accepted(await caller.remove(gone.id));
  assert.equal((await caller.content(stays.id)).bytes.toString(), 'stays');
});

/** A download that has begun and waits for us to take more. */
async function slowDownload(id: string): Promise<{ rest: () => Promise<{ whole: boolean; bytes: number }> }> {
  const answer = await request(`${installation.origin}/v1/files/${id}/content`, { headers: caller.headers });
  assert.equal(answer.statusCode, 200);
  const chunks = answer.body[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let bytes = (await chunks.next()).value?.length ?? 0;
  return { rest: async () => { try { for (;;) { const { done, value } = await chunks.next(); if (done === true) return { whole: true, bytes }; bytes += value.length; } } catch { return { whole: false, bytes }; } } };
}

test('while it is downloaded: the download ends within a second, and does not look whole', { timeout: 60_000 }, async () => {
  const { id } = await caller.stored(Buffer.alloc(60e6, 'abc'));
  const download = await slowDownload(id);
  accepted(await caller.remove(id));
  await sleep(1000);
  const { whole, bytes } = await download.rest();
  assert.ok(!whole && bytes < 60e6, `${bytes} bytes`);
  const { copies } = await certificateOf(id);
  assert.ok(copies.some(({ copy }) => copy === 'released data keys in memory: 1 held at that moment, ended by their lease'), JSON.stringify(copies));
});

describe('uploads', () => {
  test('cancelled: its parts are gone when that is answered', async () => {
    const upload = await caller.begin(100);
    for (const text of ['one', 'two']) await caller.part(upload.id, text);
    const parts = await partsAtRest(installation, upload.id);
    accepted(await caller.cancel(upload.id));
    assert.equal(parts.length, 2);
    for (const part of parts) assertGone(part);
    const again = await caller.cancel(upload.id);
    assert.deepEqual([again.status, again.code], [409, 'upload_closed']);
  });

  test('completed: the parts are gone soon, and the file of them is deleted as any other', async () => {
    const upload = await caller.begin(6);
    const parts = [await caller.part(upload.id, 'one'), await caller.part(upload.id, 'two')];
    const lain = await partsAtRest(installation, upload.id);
    const done = accepted<{ file: { id: string } }>(await caller.complete(upload.id, parts.map(({ id }) => id)));
    await until('the parts are gone', () => lain.every(({ bytes, keys }) => !existsSync(bytes) && !existsSync(keys)));
    const at = await atRest(installation, done.file);
    accepted(await caller.remove(done.file.id));
    assertGone(at);
    assert.deepEqual(attempts(await certificateOf(done.file.id)), ['opened', 'key_not_found', 'absent']);
    assert.equal((await caller.ask('GET', `/v1/uploads/${upload.id}`)).code, 'upload_not_found', 'the upload had its name and size');
  });
});

/** Stops a process in the middle, does something, and lets it go on or ends it. */
async function whileStopped<T>(name: Process, work: () => Promise<T>, then: 'SIGCONT' | 'SIGKILL'): Promise<T> {
  const pid = await pidOf(name);
  process.kill(pid, 'SIGSTOP');
  try { return await work(); } finally { process.kill(pid, then); }
}
const certified = async (id: string): Promise<void> => { await until(`the certificate of ${id}`, async () => { try { return (await caller.ask('GET', `/api/ledger/deletions/${id}`)).status === 200; } catch { return false; } }, { ms: 60_000, every: 300 }); };

describe('interrupted', () => {
  beforeEach(again);

  test('the gateway dies while it tries the copy: the deletion completes', { timeout: 120_000 }, async () => {
    const file = await caller.stored(randomBytes(30e6));
    const at = await atRest(installation, file);
    const pending = caller.remove(file.id).catch(() => undefined);
    await until('the deletion has begun', async () => (await rows(installation, 'select 1 from deletions where object = $1', [file.id])).length > 0, { every: 5 });
    process.kill(await pidOf('gateway'), 'SIGKILL');
    await pending;
    await again();
    await certified(file.id);
    assertGone(at);
    const [before, after, outcome] = attempts(await certificateOf(file.id));
    assert.ok(before === 'opened' || before === 'not_tried', before);
    assert.deepEqual([after, outcome], ['key_not_found', 'absent']);
  });

  test('custody is away: 503, the file is shown no more, and it completes by itself', { timeout: 120_000 }, async () => {
    const file = await caller.stored('custody is away');
    const at = await atRest(installation, file);
    const door = join(installation.run, sockets.custody);
    renameSync(door, `${door}.away`);
    const answer = await caller.remove(file.id);
    renameSync(`${door}.away`, door);
    assert.deepEqual([answer.status, answer.code], [503, 'key_custody_unavailable']);
    assert.equal((await caller.show(file.id)).code, 'file_not_found');
    assert.equal((await caller.content(file.id)).code, 'file_not_found');
    await certified(file.id);
    assertGone(at);
    assert.deepEqual(attempts(await certificateOf(file.id)), ['opened', 'key_not_found', 'absent']);
  });

  test('control dies in the middle: it goes on with it when it is back', { timeout: 120_000 }, async () => {
    const file = await caller.stored(randomBytes(20e6));
    const at = await atRest(installation, file);
    await whileStopped('key-custody', async () => {
      const pending = caller.remove(file.id).catch(() => undefined);
      await until('the deletion has begun', async () => (await rows(installation, 'select 1 from deletions where object = $1', [file.id])).length > 0, { every: 5 });
      process.kill(await pidOf('control'), 'SIGKILL');
      await pending;
    }, 'SIGCONT');
    await again();
    await certified(file.id);
    assertGone(at);
    await certificateOf(file.id);
  });

  test('everything dies: the next start goes on with it', { timeout: 180_000 }, async () => {
    const files = await Promise.all(Array.from({ length: 5 }, (_, n) => caller.stored(`file ${n}`)));
    const lain = await Promise.all(files.map((file) => atRest(installation, file)));
    await whileStopped('key-custody', async () => {
      const pending = files.map(({ id }) => caller.remove(id).catch(() => undefined));
      await until('they have begun', async () => (await rows(installation, 'select 1 from deletions')).length === files.length, { every: 5 });
      await installation.killSupervisor();
      await Promise.all(pending);
    }, 'SIGKILL').catch((error: unknown) => { if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; });
    await installation.up();
    for (const { id } of files) await certified(id);
    for (const at of lain) assertGone(at);
    for (const { id } of files) await certificateOf(id);
  });
});

test('in the end there are bytes, keys and rows of what is there, and of nothing else', { timeout: 60_000 }, async () => { await settled(installation, (await caller.list()).length); });
