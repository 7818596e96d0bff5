/** Starts a worker in the best tier that this machine has, or without any where that was asked for. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Mechanism } from '#contract/internal/isolation-profile.ts';
import { makeGroup } from './cgroup.ts';
import type { Group } from './cgroup.ts';
import { bubblewrapFlags, othersCanRead, runtimeLibraries } from './environment.ts';
import type { Environment } from './environment.ts';
import type { LaunchPlan } from './launcher.ts';

const project = fileURLToPath(new URL('../../../', import.meta.url));
const launcher = 'sees-content/worker-host/isolation/launcher.ts';
const node = process.execPath;

export interface LaunchSpec {
  /** Worker program, relative to the project. */
  worker: string;
  /** Weights, given to the worker as descriptor 5. */
  weightsPath: string | null;
  /** Distinguishes the uids of workers that run at the same time. */
  uidOffset: number;
  /** Bytes of memory: of the whole group where there is one, of private writable memory otherwise. */
  memoryLimit: number;
  /** Threads of the engine's pool. */
  threads: number;
}
export interface Launched { child: ChildProcess; socket: Socket; mechanisms: Set<Mechanism> }

const firstUid = 60_000;
const tasks = 256;

function plan(spec: LaunchSpec, environment: Environment, at: { root: string; node: string }, mechanisms: Set<Mechanism>, grouped: boolean): LaunchPlan {
  const descriptors = spec.weightsPath === null ? [3] : [3, 5];
  const droppable = environment.root && (environment.tier === 'bubblewrap' || (othersCanRead(`${project}package.json`) && othersCanRead(node)));
  if (droppable) mechanisms.add('separate_uid');
  return {
    node: at.node, worker: `${at.root}${spec.worker}`, workFolder: at.root, descriptors, uid: droppable ? firstUid + (spec.uidOffset % 5000) : null,
    read: ['package.json', 'contract', 'sees-content', 'testing', 'node_modules'].filter((name) => name !== 'testing' || spec.worker.startsWith('testing/')).map((name) => at.root + name)
      .concat(runtimeLibraries(), ['/dev/null', '/dev/urandom', '/proc/meminfo', '/proc/cpuinfo', '/proc/stat', '/proc/self/']),
    execute: [at.node, ...runtimeLibraries().filter((path) => path.includes('/ld-linux'))],
    dataLimit: grouped ? null : spec.memoryLimit,
    environment: { PATH: '/usr/bin', HOME: '/', LANG: 'C.UTF-8', UV_THREADPOOL_SIZE: String(Math.max(4, spec.threads + 3)), NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
  };
}

/** Every folder above the paths, outermost first: bubblewrap would make them for its own user alone. */
function foldersAbove(paths: string[]): string[] {
  const folders = new Set<string>();
  for (const path of paths) for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) folders.add(path.slice(0, at));
  return [...folders].sort();
}

function bubblewrapCommand(spec: LaunchSpec, environment: Environment, mechanisms: Set<Mechanism>, grouped: boolean): string[] {
  for (const mechanism of ['network_namespace', 'pid_namespace', 'mount_namespace', 'ipc_namespace'] as const) mechanisms.add(mechanism);
  if (!environment.root) mechanisms.add('user_namespace');
  const bind = (from: string, to = from): string[] => ['--ro-bind', from, to];
  const places = ['/usr/bin/node', '/app/package.json', ...runtimeLibraries()];
  const folders = ['package.json', 'contract', 'sees-content', 'node_modules', ...(spec.worker.startsWith('testing/') ? ['testing'] : [])];
  return [
    environment.bubblewrap ?? 'bwrap', ...bubblewrapFlags(environment.root), '--as-pid-1', '--hostname', 'worker', '--setenv', 'PATH', '/usr/bin',
    ...foldersAbove(places).flatMap((folder) => ['--perms', '0755', '--dir', folder]), '--proc', '/proc', '--dev', '/dev', ...bind(node, '/usr/bin/node'), ...runtimeLibraries().flatMap((path) => bind(path)),
    ...folders.flatMap((name) => bind(`${project}${name}`, `/app/${name}`)), '--remount-ro', '/dev', '--remount-ro', '/', '--chdir', '/',
    '--', '/usr/bin/node', '--no-warnings', `/app/${launcher}`, JSON.stringify(plan(spec, environment, { root: '/app/', node: '/usr/bin/node' }, mechanisms, grouped)),
  ];
}

function launcherCommand(spec: LaunchSpec, environment: Environment, mechanisms: Set<Mechanism>, grouped: boolean): string[] {
  const { namespaces } = environment;
  const has = (flag: string, mechanism: Mechanism): void => { if (namespaces.includes(flag)) mechanisms.add(mechanism); };
  has('--net', 'network_namespace'); has('--pid', 'pid_namespace'); has('--ipc', 'ipc_namespace'); has('--user', 'user_namespace');
  return ['setpriv', '--pdeathsig', 'KILL', ...(namespaces.length > 0 ? ['unshare', ...namespaces] : []),
    node, '--no-warnings', `${project}${launcher}`, JSON.stringify(plan(spec, environment, { root: project, node }, mechanisms, grouped))];
}

/** The command, with the mechanisms that it puts to work. Each of them fails closed: if it cannot be set up there is no worker. */
function command(spec: LaunchSpec, environment: Environment, mechanisms: Set<Mechanism>, grouped: boolean): string[] {
  if (environment.tier === 'none') return ['setpriv', '--pdeathsig', 'KILL', node, '--no-warnings', `${project}${spec.worker}`];
  for (const mechanism of ['seccomp', 'landlock', 'no_new_privileges', 'rlimit', 'bare_environment', 'non_dumpable'] as const) mechanisms.add(mechanism);
  return environment.tier === 'bubblewrap' ? bubblewrapCommand(spec, environment, mechanisms, grouped) : launcherCommand(spec, environment, mechanisms, grouped);
}

/** Joins the groups before anything else runs, so that no task escapes them. */
const joining = (group: Group | undefined, args: string[]): string[] => (group === undefined ? args
  : ['/bin/sh', '-c', 'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 97; shift; n=$((n-1)); done; exec "$@"', 'sh', String(group.join.length), ...group.join, ...args]);

export function launch(spec: LaunchSpec, environment: Environment): Launched {
  const mechanisms = new Set<Mechanism>();
  let group: Group | undefined;
  if (environment.cgroups !== null && environment.tier !== 'none') {
    try { group = makeGroup(environment.cgroups, spec.memoryLimit, tasks); mechanisms.add(`cgroup_${environment.cgroups.version}`); } catch { group = undefined; }
  }
  const [file = '', ...args] = joining(group, command(spec, environment, mechanisms, group !== undefined));
  const weights = spec.weightsPath === null ? undefined : openSync(spec.weightsPath, 'r');
  try {
    // Standard streams lead nowhere: what a worker writes there could only be content.
    const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ignore', ...(weights === undefined ? [] : [weights])], env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' }, cwd: '/' });
    child.once('exit', () => group?.remove());
    child.on('error', () => group?.remove());
    return { child, socket: child.stdio[3] as Socket, mechanisms };
  } finally { if (weights !== undefined) closeSync(weights); }
}
