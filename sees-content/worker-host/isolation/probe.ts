/** Attacks from inside, tried before a model is loaded. Each reports whether it was refused; none of them does harm where it is not. */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, unlinkSync } from 'node:fs';
import type { ProbeResult } from '#contract/internal/worker-protocol.ts';
import type { Guarantee } from '#contract/internal/isolation-profile.ts';
import { environmentNames } from './config.ts';
import { limitOf, prctl, resources, syscall } from './libc.ts';
import type { Answer } from './libc.ts';

type Attack = [guarantee: Guarantee, name: string, refused: () => boolean];

/** The kernel's ways of saying no. Anything else (success, a complaint about arguments) means that the call was reached. */
const refusals = new Set([1, 13, 38]); // EPERM, EACCES, ENOSYS
const refused = ({ result, errno }: Answer): boolean => result === -1 && refusals.has(errno);

function socketRefused(family: number, type: number): boolean {
  const answer = syscall('socket', family, type, 0);
  if (answer.result >= 0) closeSync(answer.result);
  return refused(answer);
}

function opens(path: string, flags: number): boolean {
  try {
    closeSync(openSync(path, flags, 0o600));
    if ((flags & constants.O_CREAT) !== 0) unlinkSync(path);
    return true;
  } catch { return false; }
}
const name = (folder: string): string => `${folder}/.modelkeep-probe-${process.pid}`;
const cannotWrite = (folder: string): boolean => !opens(name(folder), constants.O_CREAT | constants.O_WRONLY | constants.O_EXCL);
const cannotRead = (path: string): boolean => !opens(path, constants.O_RDONLY);
const cannotList = (path: string): boolean => { try { readdirSync(path); return false; } catch { return true; } };

function otherProcessesVisible(): number {
  try { return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid).length; } catch { return 0; }
}

const family = { unix: 1, inet: 2, inet6: 10, netlink: 16, packet: 17, vsock: 40 };
const [stream, datagram, raw] = [1, 2, 3];
const allowedVariables = new Set(['PATH', 'LANG', 'HOME', 'UV_THREADPOOL_SIZE', 'NODE_LLAMA_CPP_SKIP_DOWNLOAD']);
const none = Buffer.alloc(256);

const attacks: Attack[] = [
  ['no_network', 'tcp_socket', () => socketRefused(family.inet, stream)], ['no_network', 'udp_socket', () => socketRefused(family.inet, datagram)],
  ['no_network', 'tcp6_socket', () => socketRefused(family.inet6, stream)], ['no_network', 'raw_packet_socket', () => socketRefused(family.packet, raw)],
  ['no_network', 'vsock_socket', () => socketRefused(family.vsock, stream)],
  ['no_sockets', 'unix_socket', () => socketRefused(family.unix, stream)], ['no_sockets', 'netlink_socket', () => socketRefused(family.netlink, raw)],
  ['no_sockets', 'socket_pair', () => { const pair = Buffer.alloc(8); const answer = syscall('socketpair', family.unix, stream, 0, pair); if (answer.result === 0) { closeSync(pair.readInt32LE(0)); closeSync(pair.readInt32LE(4)); } return refused(answer); }],
  ['no_new_processes', 'spawn_own_program', () => spawnSync(process.execPath, ['--version'], { timeout: 5000 }).error !== undefined],
  ['no_new_processes', 'clone3', () => refused(syscall('clone3', null, 0))],
  ['no_foreign_program', 'spawn_shell', () => spawnSync('/bin/sh', ['-c', 'true'], { timeout: 5000 }).error !== undefined],
  ['no_foreign_program', 'execve', () => refused(syscall('execve', '/nonexistent', null, null))],
  ['no_foreign_program', 'memfd_create', () => { const answer = syscall('memfd_create', 'x', 0); if (answer.result >= 0) closeSync(answer.result); return refused(answer); }],
  ...['/', '/tmp', '/var/tmp', '/dev/shm', '/usr', '/app', process.cwd()].map((folder): Attack => ['no_writable_disk', `write_${folder.slice(1).replace(/\W+/g, '_').toLowerCase().slice(0, 40) || 'root'}`, () => cannotWrite(folder)]),
  ...['/etc/passwd', '/etc/hostname', '/etc/machine-id', '/dev/vda', '/dev/kmsg', '/proc/kcore', '/proc/kmsg', '/var/log/dpkg.log'].map((path): Attack => ['no_foreign_files', `read${path.replace(/\W+/g, '_')}`, () => cannotRead(path)]),
  ...['/root', '/home', '/sys', '/etc', '/tmp'].map((path): Attack => ['no_foreign_files', `list${path.replace(/\W+/g, '_')}`, () => cannotList(path)]),
  ['no_foreign_processes', 'see_processes', () => otherProcessesVisible() === 0],
  ['no_foreign_processes', 'signal_others', () => syscall('kill', -1, 0).result === -1],
  ['no_foreign_processes', 'read_parent_environment', () => process.ppid === 0 || cannotRead(`/proc/${process.ppid}/environ`)],
  ['no_foreign_processes', 'read_parent_memory', () => process.ppid === 0 || cannotRead(`/proc/${process.ppid}/mem`)],
  ['no_kernel_attack_surface', 'ptrace', () => refused(syscall('ptrace', 0x4206, process.ppid, 0, 0))], // PTRACE_SEIZE
  ['no_kernel_attack_surface', 'process_vm_readv', () => refused(syscall('process_vm_readv', process.ppid, null, 0, null, 0, 0))],
  ['no_kernel_attack_surface', 'io_uring', () => refused(syscall('io_uring_setup', 1, Buffer.alloc(120)))],
  ['no_kernel_attack_surface', 'keyctl', () => refused(syscall('keyctl', 0, -3, 0))],
  ['no_kernel_attack_surface', 'bpf', () => refused(syscall('bpf', 9999, null, 0))],
  ['no_kernel_attack_surface', 'perf_event_open', () => refused(syscall('perf_event_open', null, 0, -1, -1, 0))],
  ['no_kernel_attack_surface', 'userfaultfd', () => { const answer = syscall('userfaultfd', 1); if (answer.result >= 0) closeSync(answer.result); return refused(answer); }],
  ['no_kernel_attack_surface', 'mount', () => refused(syscall('mount', null, null, null, 0, null))],
  ['no_kernel_attack_surface', 'new_user_namespace', () => refused(syscall('unshare', 0x10000000))],
  ['no_kernel_attack_surface', 'setns', () => refused(syscall('setns', -1, 0))],
  ['no_kernel_attack_surface', 'personality', () => refused(syscall('personality', 0xffffffff))],
  ['no_kernel_attack_surface', 'system_v_memory', () => refused(syscall('shmget', 0, 4096, 0o600))],
  ['no_core_dump', 'core_limit', () => (limitOf(resources.core) ?? 2) <= 1], ['no_core_dump', 'dumpable', () => prctl(3) === 0],
  ['no_core_dump', 'raise_core_limit', () => refused(syscall('prlimit64', 0, resources.core, none, null))],
  ['memory_limit', 'data_limit', () => limitOf(resources.data) !== undefined],
  ['process_limit', 'process_limit', () => limitOf(resources.processes) !== undefined],
  ['own_uid', 'is_root', () => process.getuid?.() !== 0],
  ['no_environment', 'environment', () => environmentNames().every((variable) => allowedVariables.has(variable))],
];

/** Tries them all, in order. */
export function runProbe(): ProbeResult {
  return { attacks: attacks.map(([guarantee, attack, isRefused]) => {
    try { return { guarantee, attack, refused: isRefused() }; } catch { return { guarantee, attack, refused: null }; }
  }) };
}
