/** The main job, as a newcomer has it: an empty folder, `modelkeep up --starter`, a real model, an answer on the terminal. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Installation } from '../installation.ts';

const installations: Installation[] = [];
after(async () => { for (const each of installations) await each.remove(); });
async function start(options: Parameters<typeof Installation.start>[0]): Promise<Installation> {
  const installation = await Installation.start(options);
  installations.push(installation);
  return installation;
}
async function said(installation: Installation, what: RegExp, seconds = 120): Promise<RegExpExecArray> {
  for (let i = 0; i < seconds * 10; i++) {
    const found = what.exec(installation.output);
    if (found) return found;
    await sleep(100);
  }
  throw new Error(`never said ${String(what)}:\n${installation.output}`);
}
const shell = (line: string): Promise<string> => new Promise((resolve) => execFile('/bin/sh', ['-c', line], (_error, stdout) => resolve(stdout)));

test('the starter pulls, deploys, asks, and prints a line that works; later starts say what runs', { timeout: 400_000 }, async () => {
  const installation = await start({ args: ['--starter'], data: mkdtempSync(join(tmpdir(), 'mk-')) });
  await said(installation, /Administrator credential[\s\S]*mk-ad-[\w-]{43}/);
  await said(installation, /pulled and verified/);
  await said(installation, /› Name three primary colours\.\n[\s\S]{20,}Endpoint/);
  const [curl] = await said(installation, /curl -N http[^\n]+/);
  // As it stands but for its length: a talkative model goes on until its context is full, for minutes on a slow machine.
  assert.match(await shell(curl.replace('"stream":true', '"stream":true,"max_tokens":32')), /data: \{[\s\S]*data: \[DONE\]/);
  const [, link = '', code = ''] = await said(installation, /^Studio +(http:\/\/\S+\/studio\/sign-in#(mk-sl-[\w-]{43})) +\(works once, for 15 minutes; another: npx modelkeep studio\)$/m);
  const signIn = async (): Promise<number> => (await fetch(new URL('/api/session', link), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ method: 'link', code }) })).status;
  assert.deepEqual([await signIn(), await signIn()], [200, 401]);
  const chat = await installation.cli('chat', 'starter', 'Name three primary colours.', '--temperature', '0');
  assert.equal(chat.code, 0);
  assert.match(chat.stdout, /red|blue|yellow/i);
  const usage = await installation.json<{ totals: { requests: number } }>('usage', '--deployment', 'starter');
  assert.equal(usage.totals.requests, 3);

  await installation.stop();
  installation.output = '';
  await installation.up();
  await said(installation, /Running:\n[\s\S]*starter/);
  assert.ok(!/mk-(ad|ek)-[\w-]{43}/.test(installation.output), 'no credential is shown twice');
});

test('where the model cannot be fetched, everything else comes up and says how to go on', { timeout: 120_000 }, async () => {
  // A machine whose python3 has no pip.
  const folder = mkdtempSync(join(tmpdir(), 'mk-bin-'));
  writeFileSync(join(folder, 'python3'), '#!/bin/sh\necho "/usr/bin/python3: No module named pip" >&2\nexit 1\n', { mode: 0o755 });
  const installation = await start({ args: ['--starter'], env: { PATH: `${folder}:/usr/bin:/bin` } });
  await said(installation, /The first model is not ready:[\s\S]*pip[\s\S]*modelkeep pull smollm2-135m-instruct/);
  assert.ok(await installation.ready());
  rmSync(folder, { recursive: true });
});

test('files of the installation are its user\'s alone', { timeout: 120_000 }, async () => {
  const installation = await start({ data: mkdtempSync(join(tmpdir(), 'mk-')) });
  for (const path of ['', 'keys', 'postgres', 'models', 'logs', 'run']) assert.equal(statSync(join(installation.data, path)).mode & 0o077, 0, path);
  for (const path of ['keys/root.key', 'keys/ca.key']) assert.equal(statSync(join(installation.data, path)).mode & 0o377, 0, path);
});
