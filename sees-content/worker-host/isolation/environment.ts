/** What of the machine decides how a worker is kept apart, found by doing. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { landlockAbi } from './landlock.ts';
import { auditArchitecture } from './syscalls.ts';

export type Tier = 'bubblewrap' | 'launcher' | 'none';
export interface Cgroups { version: 'v1' | 'v2'; /** Folders in which a worker's own group is made: one for v2, memory and pids for v1. */ parents: string[] }
export interface Environment {
  tier: Tier; root: boolean; bubblewrap: string | null;
  /** Flags of `unshare` that this machine allows. */
  namespaces: string[];
  landlockAbi: number; seccomp: boolean; cgroups: Cgroups | null;
}

export const bubblewrapFlags = (root: boolean): string[] => [
  ...(root ? [] : ['--unshare-user', '--uid', '65534', '--gid', '65534', '--disable-userns']),
  '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try', '--die-with-parent', '--new-session',
  '--cap-drop', 'ALL', ...(root ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID', '--cap-add', 'CAP_SETPCAP'] : []), '--clearenv',
];

const works = (file: string, args: string[]): boolean => spawnSync(file, args, { stdio: 'ignore', env: { PATH: '/usr/bin:/bin' }, timeout: 10_000 }).status === 0;

function findBubblewrap(root: boolean): string | null {
  const path = ['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'].find((candidate) => { try { return statSync(candidate).isFile(); } catch { return false; } });
  if (path === undefined) return null;
  return works(path, [...bubblewrapFlags(root), '--ro-bind', '/', '/', '--proc', '/proc', '/bin/true']) ? path : null;
}

/** The most that `unshare` gives; as an ordinary user by way of a user namespace, where the kernel allows one. */
function findNamespaces(root: boolean): string[] {
  const user = root ? [] : ['--user', '--map-current-user'];
  const all = [...user, '--net', '--ipc', '--uts', '--mount', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const less = [...user, '--net', '--ipc', '--uts'];
  return [all, less].find((flags) => works('unshare', [...flags, '/bin/true'])) ?? [];
}

function canMakeGroup(parent: string): boolean {
  const trial = `${parent}/modelkeep-trial-${process.pid}`;
  try { mkdirSync(trial); rmdirSync(trial); return true; } catch { return false; }
}

function findCgroups(): Cgroups | null {
  const unified = '/sys/fs/cgroup';
  try {
    const controllers = readFileSync(`${unified}/cgroup.subtree_control`, 'utf8').split(/\s+/);
    if (controllers.includes('memory') && controllers.includes('pids') && canMakeGroup(unified)) return { version: 'v2', parents: [unified] };
  } catch { /* not a unified hierarchy */ }
  const parents = ['memory', 'pids'].map((controller) => `${unified}/${controller}`);
  return parents.every((parent) => existsSync(`${parent}/cgroup.procs`) && canMakeGroup(parent)) ? { version: 'v1', parents } : null;
}

const known = new Map<Tier | undefined, Environment>();
/** @param forced `launcher` leaves bubblewrap out: a lower tier, still verified. */
export function detectEnvironment(forced: Tier | undefined): Environment {
  const ready = known.get(forced);
  if (ready) return ready;
  const root = process.getuid?.() === 0;
  const abi = landlockAbi();
  const seccomp = auditArchitecture !== undefined && /Seccomp:\s+\d/.test(readFileSync('/proc/self/status', 'utf8'));
  const bubblewrap = forced === undefined || forced === 'bubblewrap' ? findBubblewrap(root) : null;
  const enough = abi > 0 && seccomp;
  const tier: Tier = forced === 'none' || !enough ? 'none' : bubblewrap !== null ? 'bubblewrap' : 'launcher';
  const found: Environment = { tier, root, bubblewrap, namespaces: tier === 'launcher' ? findNamespaces(root) : [], landlockAbi: abi, seccomp, cgroups: root ? findCgroups() : null };
  known.set(forced, found);
  return found;
}

/** True where another uid can reach and read a file: every folder above it is open to others. */
export function othersCanRead(path: string): boolean {
  try {
    if ((statSync(path).mode & 0o004) === 0) return false;
    for (let folder = dirname(path); ; folder = dirname(folder)) {
      if ((statSync(folder).mode & 0o001) === 0) return false;
      if (folder === '/') return true;
    }
  } catch { return false; }
}

/** Shared libraries of the node binary, the engine and the FFI library: the C and C++ runtimes and the loader. */
export function runtimeLibraries(): string[] {
  const names = ['libdl.so.2', 'libstdc++.so.6', 'libm.so.6', 'libgcc_s.so.1', 'libpthread.so.0', 'libc.so.6', 'librt.so.1', 'libgomp.so.1', 'ld-linux-x86-64.so.2', 'ld-linux-aarch64.so.1'];
  const folders = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', ...['/usr/lib', '/lib'].flatMap((base) => { try { return readdirSync(base).filter((entry) => entry.endsWith('-linux-gnu')).map((entry) => `${base}/${entry}`); } catch { return []; } })];
  return names.flatMap((library) => {
    const path = folders.map((folder) => `${folder}/${library}`).find((candidate) => { try { accessSync(candidate, constants.R_OK); return true; } catch { return false; } });
    return path === undefined ? [] : [path];
  });
}
