/** Witnesses: a log that shows different trees to different people cannot get them cosigned. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { leafHash } from '#control/ledger/merkle.ts';
import { consistencyPath, inclusionPath, rootOfRange, tilesOfLeaves } from '#control/ledger/prove.ts';
import { rootFromPath } from '#edge/verify/tree.ts';
import { command, Installation, project } from '../installation.ts';
import { consistent, WitnessUnderTest } from './witness-under-test.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-witness-'));
const file = join(folder, 'witnesses');
let installation: Installation;
let witness: WitnessUnderTest;
before(async () => {
  writeFileSync(file, '# none yet\n');
  installation = await Installation.start({ env: { MODELKEEP_WITNESSES: file } });
  witness = new WitnessUnderTest(await published('key'));
  await witness.start();
}, { timeout: 120_000 });
after(async () => { await installation?.remove(); await witness?.stop(); rmSync(folder, { recursive: true, force: true }); });

const published = async (path: string): Promise<string> => await (await fetch(`${installation.origin}/ledger/${path}`)).text();
const sizeOf = (checkpoint: string): number => Number(checkpoint.split('\n')[1]);
async function cosigned(atLeast: number): Promise<string> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(100)) {
    const checkpoint = await published('checkpoint');
    if (checkpoint.includes(witness.name) && sizeOf(checkpoint) >= atLeast) return checkpoint;
  }
  throw new Error('never cosigned');
}

test('proofs of inclusion and consistency hold by the definitions, at every pair of sizes to 70 and around a tile', async () => {
  const leaves = Array.from({ length: 600 }, (_, i) => leafHash(Buffer.from(String(i))));
  const tiles = tilesOfLeaves(leaves);
  const rootAt = async (size: number): Promise<Buffer> => await rootOfRange(tiles, 0, size);
  const sizes = [...Array.from({ length: 70 }, (_, i) => i + 1), 255, 256, 257, 511, 512, 513, 600];
  for (const size of sizes) {
    const root = await rootAt(size);
    for (const index of sizes.filter((each) => each <= size).map((each) => each - 1)) {
      assert.deepEqual(Buffer.from(await rootFromPath(leaves[index] as Buffer, index, size, await inclusionPath(tiles, index, size)) ?? []), root, `${index} in ${size}`);
    }
    for (const older of sizes.filter((each) => each <= size)) {
      const proof = await consistencyPath(tiles, older, size);
      assert.ok(consistent(older, size, await rootAt(older), root, proof), `${older} to ${size}`);
      if (proof.length > 0) assert.ok(!consistent(older, size, await rootAt(older), root, [...proof.slice(0, -1), Buffer.alloc(32)]));
    }
  }
});

test('a configured witness cosigns each checkpoint, and the verifier can ask for it', async () => {
  writeFileSync(file, `${witness.verifierKey} ${witness.url} # the test's own\n`);
  const control = (await installation.processes()).find(({ name }) => name === 'control');
  process.kill(control?.pid ?? 0, 'SIGKILL');
  const older = await cosigned(1);
  await installation.waitReady();
  await installation.json('projects', 'create', 'seen');
  const newer = await cosigned(sizeOf(older) + 1);
  assert.ok(witness.statuses.every((status) => status === 200), witness.statuses.join());
  for (const [name, content] of [['older', older], ['newer', newer], ['key', await published('key')], ['witness-key', `${witness.verifierKey}\n`]] as const) writeFileSync(join(folder, name), content);
  const verify = async (...more: string[]): Promise<number> => (await command(process.execPath, [join(project, 'edge/verify/bin.mjs'), 'checkpoint', join(folder, 'older'), join(folder, 'newer'), '--ledger', `${installation.origin}/ledger`, '--key', join(folder, 'key'), ...more])).code;
  assert.equal(await verify('--witness', join(folder, 'witness-key')), 0);
  const stranger = new WitnessUnderTest('');
  writeFileSync(join(folder, 'stranger'), stranger.verifierKey);
  assert.equal(await verify('--witness', join(folder, 'stranger')), 1);
});

test('a witness that was away, or has seen another size, is caught up with; changes do not wait for it', async () => {
  const { port } = new URL(witness.url);
  await witness.stop();
  await installation.json('projects', 'create', 'unseen');
  assert.ok(!(await published('checkpoint')).includes(witness.name));
  await witness.start(Number(port));
  await installation.json('projects', 'create', 'seen-again');
  const size = sizeOf(await published('checkpoint'));
  await cosigned(size);
});

test('a file that names no usable witness is refused with its line', async () => {
  const other = join(folder, 'bad');
  for (const [content, reason] of [['nonsense http://127.0.0.1:1', 'key'], [`${witness.verifierKey} http://witness.example`, 'https']] as const) {
    writeFileSync(other, content);
    const data = mkdtempSync(join(tmpdir(), 'mk-'));
    const { code, stdout, stderr } = await command(process.execPath, [join(project, 'bin/modelkeep.mjs'), 'up', '--data', data, '--port', '18459'], { MODELKEEP_WITNESSES: other });
    assert.equal(code, 2);
    assert.match(stdout + stderr, new RegExp(`witness on line 1: .*${reason}`));
    rmSync(data, { recursive: true, force: true });
  }
});
