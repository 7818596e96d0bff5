/**
 * Runs inside the namespaces of either tier, before the worker: limits, identity, capabilities, no-new-privileges, Landlock, seccomp, then execve.
 * Any step that fails ends it with the step's own exit status: there is no way to the worker past a failed step.
 */
import { readFileSync } from 'node:fs';
import { restrictFiles } from './landlock.ts';
import { becomeUser, execve, prctl, resources, setFilter, setLimit, syscall } from './libc.ts';
import { workerFilter } from './seccomp.ts';

export interface LaunchPlan {
  node: string; worker: string; workFolder: string;
  /** Read by the worker: its own code and libraries. */
  read: string[];
  execute: string[];
  /** Descriptors that the worker inherits besides its standard streams. */
  descriptors: number[];
  uid: number | null;
  /** Bytes of private writable memory, where no cgroup limits it. */
  dataLimit: number | null;
  environment: Record<string, string>;
}
export const launchFailures = { limits: 80, identity: 81, capabilities: 82, privileges: 83, landlock: 84, seccomp: 85, execve: 86 } as const;

/** Ends at once: the event loop can no longer be trusted to wind down once calls are refused. */
function fail(step: keyof typeof launchFailures): never { syscall('exit_group', launchFailures[step]); process.abort(); }
function must(done: boolean, step: keyof typeof launchFailures): void { if (!done) fail(step); }

const PR_CAPBSET_DROP = 24;
const PR_SET_NO_NEW_PRIVS = 38;
const F_SETFD = 2;

function dropCapabilities(): void {
  const last = Number(readFileSync('/proc/sys/kernel/cap_last_cap', 'utf8'));
  for (let capability = 0; capability <= last; capability++) prctl(PR_CAPBSET_DROP, capability);
  // struct __user_cap_header {u32 version; int pid} and two empty sets.
  const header = Buffer.alloc(8);
  header.writeUInt32LE(0x20080522);
  must(syscall('capset', header, Buffer.alloc(24)).result === 0, 'capabilities');
}

function launch(plan: LaunchPlan): never {
  // A core limit of 1, not 0: only then does a core_pattern that is a pipe receive nothing.
  must(setLimit(resources.core, 1) && setLimit(resources.fileSize, 0) && setLimit(resources.files, 256) && setLimit(resources.processes, 256), 'limits');
  if (plan.dataLimit !== null) must(setLimit(resources.data, plan.dataLimit), 'limits');
  if (plan.uid !== null) {
    for (let capability = 0; capability < 64; capability++) prctl(PR_CAPBSET_DROP, capability);
    must(becomeUser(plan.uid), 'identity');
  } else dropCapabilities();
  must(prctl(PR_SET_NO_NEW_PRIVS, 1) === 0, 'privileges');
  must(restrictFiles({ read: plan.read, execute: plan.execute, readDescriptors: plan.descriptors.filter((descriptor) => descriptor !== 3) }), 'landlock');
  // Node marks every inherited descriptor close-on-exec.
  for (const descriptor of [0, 1, 2, ...plan.descriptors]) syscall('fcntl', descriptor, F_SETFD, 0);
  must(setFilter(workerFilter()), 'seccomp');
  execve(plan.node, [plan.node, ...nodeFlags, plan.worker], Object.entries(plan.environment).map(([name, value]) => `${name}=${value}`));
  fail('execve');
}

// Its configuration file is not for the worker to read, and OpenSSL does not start without one.
const nodeFlags = ['--no-warnings', '--openssl-config=/dev/null', '--disallow-code-generation-from-strings'];

if (process.argv[2] !== undefined) launch(JSON.parse(process.argv[2]) as LaunchPlan);
