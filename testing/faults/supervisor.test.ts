/** `modelkeep up` itself: one installation a data folder, whatever is killed and whenever; what goes wrong is said, with how to go on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sockets } from '#contract/installation.ts';
import { Installation, command, freePort, project } from '../installation.ts';

const bin = join(project, 'bin/modelkeep.mjs');
let installation: Installation;
before(async () => { installation = await Installation.start(); }, { timeout: 120_000 });
after(async () => { await installation?.remove(); });

const names = ['postgres', 'key-custody', 'control', 'gateway'] as const;

/** Processes that were started for this data folder and live, by their arguments or their environment. */
function processesOf(data: string): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      if (readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.startsWith('Z')) return false;
      return pid !== process.pid && ['cmdline', 'environ'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(data));
    } catch { return false; }
  });
}

async function eventually(what: string | (() => string), condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!await condition()) {
    if (Date.now() > deadline) assert.fail(typeof what === 'string' ? what : what());
    await sleep(50);
  }
}

/** What a process is: its state, its parent, its command. */
const told = (pid: number): string => { try { return `${readFileSync(`/proc/${pid}/stat`, 'latin1').slice(0, 60)} | ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').slice(0, 300)}`; } catch { return `${pid} ended`; } };
const nothingLeft = (data: string): Promise<void> => eventually(() => `nothing is left running:\n${processesOf(data).map(told).join('\n')}`, () => processesOf(data).length === 0);

async function pidOf(name: string): Promise<number> {
  const found = (await installation.processes()).find((each) => each.name === name);
  assert.ok(found);
  return found.pid;
}

test('a second up on the same data folder is refused: it names the process and the address of the first, which goes on', async () => {
  const second = await command(process.execPath, [bin, 'up', '--data', installation.data, '--port', String(await freePort())]);
  assert.equal(second.code, 6);
  assert.match(second.stderr, new RegExp(`already running on ${installation.data} \\(process ${installation.pid}, ${installation.origin}\\)`));
  assert.ok(await installation.ready());
});

test('what it says of itself: its processes and its configuration, to its own user', async () => {
  assert.deepEqual((await installation.processes()).map(({ name }) => name), names);
  assert.equal(statSync(join(installation.run, sockets.supervisor)).mode & 0o777, 0o600);
  assert.equal(statSync(installation.run).mode & 0o777, 0o700);
  assert.deepEqual((await installation.json<{ port: number; database: string }>('config')).database, 'embedded');
});

for (const name of names) {
  test(`kill -9 of ${name}: it is started again, and nothing else is`, { timeout: 60_000 }, async () => {
    const earlier = await installation.processes();
    process.kill(await pidOf(name), 'SIGKILL');
    await eventually(`${name} is back`, async () => (await pidOf(name)) !== earlier.find((each) => each.name === name)?.pid && installation.output.includes(`${name} is back`));
    await eventually('requests are taken', () => installation.ready());
    for (const each of await installation.processes()) {
      const before = earlier.find((other) => other.name === each.name);
      assert.equal(each.restarts, (before?.restarts ?? 0) + (each.name === name ? 1 : 0), each.name);
    }
    assert.equal((await installation.cli('status')).code, 0);
  });
}

test('a process that cannot start is tried again until it can, and the reason is said once', { timeout: 60_000 }, async () => {
  const key = join(installation.data, 'keys/root.key');
  chmodSync(key, 0o444);
  process.kill(await pidOf('key-custody'), 'SIGKILL');
  await eventually('the reason is said', () => installation.output.includes('key-custody does not start (keys_unreadable)'));
  await sleep(1500);
  chmodSync(key, 0o400);
  await eventually('it is back', () => installation.output.trimEnd().endsWith('key-custody is back'));
  assert.equal(installation.output.split('keys_unreadable').length, 2);
});

test('kill -9 of the supervisor: its processes end by themselves, and the next up goes on with what was there', { timeout: 60_000 }, async () => {
  const { id } = await installation.json<{ id: string }>('tokens', 'create', 'before-the-kill');
  await installation.killSupervisor();
  await nothingLeft(installation.data);
  await installation.up();
  assert.ok((await installation.json<{ data: { id: string }[] }>('tokens', 'list')).data.some((token) => token.id === id));
});

test('kill -9 of everything at once: the next up goes on', { timeout: 60_000 }, async () => {
  for (const pid of processesOf(installation.data)) { try { process.kill(pid, 'SIGKILL'); } catch { /* it went with another */ } }
  await installation.up();
  assert.equal((await installation.cli('tokens', 'list')).code, 0);
});

test('SIGTERM stops everything in order, and leaves nothing to recover', { timeout: 60_000 }, async () => {
  assert.equal(await installation.stop(), 0);
  await nothingLeft(installation.data);
  assert.equal(existsSync(join(installation.data, 'postgres/postmaster.pid')), false);
  await installation.up();
});

test('the lock is the data folder\'s: where its holder is killed, everything stops rather than go on without it', { timeout: 60_000 }, async () => {
  const holder = processesOf(installation.data).find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1') === 'cat\0');
  const children = readFileSync(`/proc/${installation.pid}/task/${installation.pid}/children`, 'utf8').trim().split(' ').map(Number);
  const cat = holder ?? children.find((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'cat\n');
  assert.ok(cat);
  process.kill(cat, 'SIGKILL');
  await nothingLeft(installation.data);
  assert.match(installation.output, /lock of the data folder was lost/);
  await installation.up();
});

test('a start that is interrupted at any moment leaves nothing running and nothing half made', { timeout: 180_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'mk-'));
  const port = await freePort();
  try {
    for (const [afterMs, signal] of [[150, 'SIGKILL'], [600, 'SIGTERM'], [1200, 'SIGKILL'], [2000, 'SIGTERM'], [3000, 'SIGKILL']] as const) {
      const child = spawn(process.execPath, [bin, 'up', '--data', data, '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
      const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
      // From its first word on it listens to signals, however long that took.
      await once(child.stdout, 'data');
      child.stdout.resume();
      await sleep(afterMs);
      child.kill(signal);
      const code = await ended;
      assert.equal(code, signal === 'SIGTERM' ? 0 : null);
      await nothingLeft(data);
    }
    const whole = await Installation.start({ data, port });
    assert.equal((await whole.cli('status')).code, 0);
    await whole.stop();
  } finally { rmSync(data, { recursive: true, force: true }); }
});

test('a port in use: the sentence says so and how to go on; the credential of the first start is shown all the same', { timeout: 60_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'mk-'));
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  assert.ok(address && typeof address === 'object');
  try {
    const { code, stdout, stderr } = await command(process.execPath, [bin, 'up', '--data', data, '--port', String(address.port)]);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^modelkeep: Port ${address.port} on 127\\.0\\.0\\.1 is in use\\. Choose another with --port N`, 'm'));
    assert.match(stdout, /mk-ad-[\w-]{43}/);
    await nothingLeft(data);
  } finally {
    await new Promise((resolve) => other.close(resolve));
    rmSync(data, { recursive: true, force: true });
  }
});

test('lost keys: nothing starts, nothing is replaced, and the sentence says what to restore', { timeout: 60_000 }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'mk-'));
  try {
    mkdirSync(join(data, 'keys'));
    writeFileSync(join(data, 'keys/root.key'), 'damaged', { mode: 0o400 });
    const { code, stderr } = await command(process.execPath, [bin, 'up', '--data', data, '--port', String(await freePort())]);
    assert.equal(code, 1);
    assert.match(stderr, /key files in .*keys are missing or damaged.*restore them from their backup/);
    assert.equal(readFileSync(join(data, 'keys/root.key'), 'utf8'), 'damaged');
    await nothingLeft(data);
  } finally { rmSync(data, { recursive: true, force: true }); }
});

/** Whether somebody else can read the project, which tests may run from a private place. */
function othersCanRead(path: string): boolean {
  if (path === '/') return true;
  return (statSync(path).mode & 0o005) === 0o005 && othersCanRead(dirname(path));
}

for (const [who, uid] of [['an ordinary user', 65_534], ['a user without a name, as in a container,', 54_321]] as const) {
  test(`${who} needs nothing of root`, { timeout: 120_000, skip: process.getuid?.() !== 0 || !othersCanRead(project.replace(/\/$/, '')) }, async () => {
    const home = mkdtempSync(join(tmpdir(), 'mk-home-'));
    chownSync(home, uid, uid);
    const own = await Installation.start({
      data: join(home, 'data'), env: { HOME: home, XDG_RUNTIME_DIR: undefined, DATABASE_URL: undefined }, prefix: ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'],
    });
    try {
      for (const { pid } of await own.processes()) assert.equal(statSync(`/proc/${pid}`).uid, uid);
      assert.equal(statSync(join(home, 'data/keys/root.key')).uid, uid);
    } finally {
      await own.stop();
      await nothingLeft(join(home, 'data'));
      rmSync(home, { recursive: true, force: true });
    }
  });
}
