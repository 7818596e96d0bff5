/** The C library by FFI: what Node has no function for. Numbers in, numbers out; errno beside the result. */
import koffi from 'koffi';
import { syscallNumber } from './syscalls.ts';

const library = koffi.load(null);
const call = library.func('long syscall(long, ...)');

type Argument = number | bigint | Buffer | string | null;
export interface Answer { result: number; errno: number }

/** A raw system call. Buffers and strings go as pointers. `errno` is 38 (ENOSYS) where this architecture lacks the call. */
export function syscall(name: string, ...args: Argument[]): Answer {
  const number = syscallNumber(name);
  if (number === undefined) return { result: -1, errno: 38 };
  const typed = args.flatMap((arg): (string | Argument)[] => (arg === null || Buffer.isBuffer(arg) ? ['void *', arg] : typeof arg === 'string' ? ['const char *', arg] : ['long', arg]));
  const result = Number(call(number, ...typed));
  return { result, errno: result === -1 ? koffi.errno() : 0 };
}

const setgroupsOf = library.func('int setgroups(size_t, const void *)');
const setresgidOf = library.func('int setresgid(unsigned int, unsigned int, unsigned int)');
const setresuidOf = library.func('int setresuid(unsigned int, unsigned int, unsigned int)');
const prctlOf = library.func('int prctl(int, ...)');
const execveOf = library.func('int execve(const char *path, const char **argv, const char **envp)');
const setrlimitOf = library.func('int setrlimit(int, const void *)');

/** Identity of every thread (the C library tells them all), groups first. */
export function becomeUser(uid: number): boolean {
  return Number(setgroupsOf(0, null)) === 0 && Number(setresgidOf(uid, uid, uid)) === 0 && Number(setresuidOf(uid, uid, uid)) === 0;
}
export const prctl = (option: number, a = 0, b = 0, c = 0, d = 0): number => Number(prctlOf(option, 'long', a, 'long', b, 'long', c, 'long', d));

/** Replaces this process. Returns only where that failed. */
export function execve(path: string, args: string[], environment: string[]): number {
  execveOf(path, [...args, null], [...environment, null]);
  return koffi.errno();
}

const infinity = 0xffffffffffffffffn;
/** Sets soft and hard limit alike. */
export function setLimit(resource: number, value: number | 'unlimited'): boolean {
  const bytes = Buffer.alloc(16);
  const limit = value === 'unlimited' ? infinity : BigInt(value);
  bytes.writeBigUInt64LE(limit, 0);
  bytes.writeBigUInt64LE(limit, 8);
  return Number(setrlimitOf(resource, bytes)) === 0;
}
/** Soft limit of a resource, `undefined` where it is unlimited. */
export function limitOf(resource: number): number | undefined {
  const bytes = Buffer.alloc(16);
  syscall('prlimit64', 0, resource, null, bytes);
  const value = bytes.readBigUInt64LE(0);
  return value === infinity ? undefined : Number(value);
}
export const resources = { data: 2, core: 4, processes: 6, files: 7, fileSize: 1 } as const;

/** Sets a seccomp filter for all threads. */
export function setFilter(program: Buffer): boolean {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(program.length / 8, 0);
  bytes.writeBigUInt64LE(koffi.address(program), 8);
  const set = 1; const allThreads = 1;
  return syscall('seccomp', set, allThreads, bytes).result === 0;
}
