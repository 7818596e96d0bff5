/**
 * What keeps a worker apart: the attacks are tried from inside it in each tier, where all must fail, and without a sandbox, where the same attacks must succeed.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { detectEnvironment } from '#content/worker-host/isolation/environment.ts';
import type { Tier } from '#content/worker-host/isolation/environment.ts';
import type { LaunchSpec } from '#content/worker-host/isolation/launch.ts';
import { meetsRequirement, verify } from '#content/worker-host/isolation/verify.ts';
import { runProbe } from '#content/worker-host/isolation/probe.ts';
import { Worker, WorkerFailure } from '#content/worker-host/worker.ts';
import { UpstreamError } from '#content/worker-host/upstream.ts';
import { descendants, searchFolder } from '../canary/search.ts';

const spec = (more: Partial<LaunchSpec> = {}): LaunchSpec => ({ worker: 'testing/isolation/throw-away-worker.ts', weightsPath: fileURLToPath(import.meta.url), uidOffset: 7, memoryLimit: 2 ** 30, threads: 1, ...more });
const load = { task: 'text-generation' as const, contextLength: 64, sequences: 1, threads: 1, embeddingLength: null, tools: false };
const request = (path: '/v1/completions' | '/v1/embeddings') => ({ path, body: '{}', requestId: 'req_x', cacheScope: '0'.repeat(64), signal: new AbortController().signal });
const best = detectEnvironment(undefined);

const tiers: Tier[] = ['bubblewrap', 'launcher'];
for (const tier of tiers) {
  const environment = detectEnvironment(tier);
  const skip = environment.tier === tier ? false : `tier ${tier} is not available on this machine`;
  describe(`tier ${tier}`, { skip }, () => {
    test('every attack from inside fails, and each guarantee names what carries it', async () => {
      const profile = await Worker.examine(spec(), environment);
      assert.deepEqual(profile.findings.filter((finding) => finding.required && finding.status !== 'enforced'), []);
      assert.ok(profile.findings.filter((finding) => finding.status === 'enforced').every((finding) => finding.mechanisms.length > 0));
      assert.ok(meetsRequirement(profile));
    });

    test('a crash with content in memory leaves no core file', async () => {
      const started = Date.now();
      const worker = await Worker.start(spec(), load, 'required', environment);
      await assert.rejects(worker.send(request('/v1/completions')), UpstreamError);
      await worker.exited;
      const cores = ['/', '/tmp', '/var/tmp', '/var/crash', process.cwd()].flatMap((folder) => { try { return readdirSync(folder).filter((name) => /^core/.test(name)).map((name) => join(folder, name)); } catch { return []; } });
      assert.deepEqual(cores.filter((path) => searchFolder(path, 'planted-in-memory-', started).hits.length > 0), []);
    });

    test('a worker that takes more memory than it was given ends, and nothing else does', { timeout: 60_000 }, async () => {
      const worker = await Worker.start(spec({ memoryLimit: 2 ** 31 }), load, 'required', environment);
      await assert.rejects(worker.send(request('/v1/embeddings')), UpstreamError);
      await worker.exited;
    });

    test('a worker ends with the process that started it, however that ends', async () => {
      const host = spawn(process.execPath, ['--no-warnings', fileURLToPath(new URL('host.ts', import.meta.url)), tier], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => host.stdout.once('data', resolve));
      const started = descendants(host.pid ?? 0).filter((pid) => pid !== host.pid);
      assert.ok(started.length > 0);
      host.kill('SIGKILL');
      for (let i = 0; i < 40; i++) {
        if (started.every((pid) => !alive(pid))) return;
        await sleep(50);
      }
      assert.fail('a worker outlived its host');
    });
  });
}

function alive(pid: number): boolean {
  try { return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')); } catch { return false; }
}

test('without a sandbox the same attacks succeed: the probe can tell the difference', () => {
  const { attacks } = runProbe();
  const succeed = ['tcp_socket', 'udp_socket', 'unix_socket', 'netlink_socket', 'socket_pair', 'spawn_own_program', 'spawn_shell', 'execve', 'memfd_create', 'write_tmp', 'read_etc_passwd',
    'read_etc_hostname', 'list_etc', 'list_tmp', 'see_processes', 'process_vm_readv', 'setns', 'personality', 'system_v_memory', 'keyctl', 'environment', 'dumpable'];
  const byName = new Map(attacks.map((attack) => [attack.attack, attack.refused]));
  assert.deepEqual(succeed.filter((name) => byName.get(name) !== false), []);
  const profile = verify('none', { attacks }, new Set());
  assert.ok(!meetsRequirement(profile));
  assert.deepEqual(profile.findings.filter((finding) => finding.status === 'enforced'), []);
});

test('where isolation is required and there is none, the model is never loaded', async () => {
  await assert.rejects(Worker.start(spec(), load, 'required', detectEnvironment('none')), (error) => error instanceof WorkerFailure && error.code === 'isolation_unavailable');
});

test('best effort runs there, and its profile claims nothing', async () => {
  const worker = await Worker.start(spec(), load, 'best-effort', detectEnvironment('none'));
  assert.deepEqual(worker.profile.findings.filter((finding) => finding.status === 'enforced'), []);
  await worker.stop();
});

test('a mechanism that was not put to work is never named', () => {
  const refusedAll = { attacks: runProbe().attacks.map((attack) => ({ ...attack, refused: true })) };
  const profile = verify('launcher', refusedAll, new Set(['seccomp']));
  assert.ok(profile.findings.every((finding) => finding.mechanisms.every((mechanism) => mechanism === 'seccomp')));
  assert.equal(profile.findings.find((finding) => finding.guarantee === 'no_foreign_files')?.status, 'not_enforced');
});

test('a sandbox that cannot be set up is a missing guarantee, not a weaker worker', async () => {
  await assert.rejects(Worker.start(spec(), load, 'required', { ...best, tier: 'bubblewrap', bubblewrap: '/nonexistent/bwrap' }), (error) => error instanceof WorkerFailure && error.code === 'isolation_unavailable');
});
