/**
 * The worker's system call filter: an allow-list as a classic BPF program, made at run time. What is not listed is refused with EPERM; the newer spellings that
 * libraries try first are refused with ENOSYS, so that they fall back. Format: struct sock_filter {u16 code; u8 jt; u8 jf; u32 k} (linux/filter.h).
 */
import { auditArchitecture, syscallNumber } from './syscalls.ts';

const allowed = `
  read write readv writev pread64 pwrite64 preadv pwritev close close_range fstat newfstatat stat lstat statx statfs fstatfs lseek mmap mprotect munmap mremap madvise brk
  mincore msync mlock munlock rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigpending rt_sigsuspend sigaltstack access faccessat faccessat2 pipe pipe2 poll
  ppoll select pselect6 sched_yield sched_getaffinity sched_setaffinity sched_getparam sched_getscheduler sched_get_priority_max sched_get_priority_min getcpu dup dup2 dup3
  nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getpid getppid gettid getuid geteuid getgid getegid getgroups getresuid getresgid getpgrp
  getpgid getsid getrlimit getrusage sysinfo uname umask futex set_robust_list get_robust_list set_tid_address rseq membarrier exit exit_group kill tgkill pause
  restart_syscall arch_prctl getrandom epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime
  timerfd_gettime signalfd4 getcwd readlink readlinkat getdents64 open openat fcntl fadvise64 sendmsg recvmsg sendto recvfrom getsockopt setsockopt getsockname getpeername
  shutdown getpriority execve capget wait4 waitid seccomp fsync
`.trim().split(/\s+/);
const absent = ['clone3', 'io_uring_setup', 'io_uring_enter', 'io_uring_register'];

const load = 0x20; // BPF_LD | BPF_W | BPF_ABS
const jumpEqual = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const jumpSet = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const jumpAtLeast = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const give = 0x06; // BPF_RET | BPF_K
const allow = 0x7fff0000;
const kill = 0x80000000;
const refuse = (errno: number): number => 0x00050000 | errno;
const EPERM = 1;
const ENOSYS = 38;
const offset = { number: 0, architecture: 4, argument: (index: number): number => 16 + index * 8 };
const x32 = 0x40000000;
const CLONE_THREAD = 0x10000;
const TIOCSTI = 0x5412;
/** PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_GET_SECCOMP, PR_CAPBSET_READ, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_VMA */
const prctlOptions = [1, 3, 4, 15, 16, 21, 23, 38, 39, 0x53564d41];

type Instruction = [code: number, jumpTrue: number, jumpFalse: number, value: number];
const answer = (value: number): Instruction => [give, 0, 0, value];

function encode(program: Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, jumpTrue, jumpFalse, value], i) => {
    bytes.writeUInt16LE(code, i * 8);
    bytes.writeUInt8(jumpTrue, i * 8 + 2);
    bytes.writeUInt8(jumpFalse, i * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, i * 8 + 4);
  });
  return bytes;
}

/** Runs `block` for one call, whose number is in the accumulator; the block ends with an answer. */
function forCall(name: string, block: Instruction[]): Instruction[] {
  const number = syscallNumber(name);
  return number === undefined ? [] : [[jumpEqual, 0, block.length, number], ...block];
}
const forArgument = (index: number, test: number, value: number): Instruction[] =>
  [[load, 0, 0, offset.argument(index)], [test, 0, 1, value], answer(allow), answer(refuse(EPERM))];

const prologue = (): Instruction[] => [
  [load, 0, 0, offset.architecture], [jumpEqual, 1, 0, auditArchitecture ?? 0], answer(kill),
  [load, 0, 0, offset.number], [jumpAtLeast, 0, 1, x32], answer(kill),
];

/** The filter that the launcher sets. */
export function workerFilter(): Buffer {
  if (auditArchitecture === undefined) throw new Error('no system call table for this architecture');
  return encode([
    ...prologue(),
    ...forCall('clone', forArgument(0, jumpSet, CLONE_THREAD)),
    // Reading limits is allowed, changing them is not.
    ...forCall('prlimit64', [[load, 0, 0, offset.argument(2)], [jumpEqual, 0, 3, 0], [load, 0, 0, offset.argument(2) + 4], [jumpEqual, 0, 1, 0], answer(allow), answer(refuse(EPERM))]),
    ...forCall('ioctl', [[load, 0, 0, offset.argument(1)], [jumpEqual, 0, 1, TIOCSTI], answer(refuse(EPERM)), answer(allow)]),
    ...forCall('prctl', [[load, 0, 0, offset.argument(0)], ...prctlOptions.map((option, i): Instruction => [jumpEqual, prctlOptions.length - i, 0, option]), answer(refuse(EPERM)), answer(allow)]),
    ...absent.flatMap((name) => forCall(name, [answer(refuse(ENOSYS))])),
    ...allowed.flatMap((name) => forCall(name, [answer(allow)])),
    answer(refuse(EPERM)),
  ]);
}

/** The filter that the worker adds to itself once it runs: from then on no program can be executed, not even its own. */
export function sealFilter(): Buffer {
  return encode([...prologue(), ...['execve', 'execveat', 'seccomp'].flatMap((name) => forCall(name, [answer(refuse(EPERM))])), answer(allow)]);
}
