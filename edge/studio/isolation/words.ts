/** The isolation profile in words of those who answer for it: what each guarantee means, and what carries it. */
import type { Guarantee, IsolationProfile, Mechanism } from '#contract/internal/isolation-profile.ts';
import type { IsolationRequirement } from '#contract/http/deployments.ts';

export const guarantees: Record<Guarantee, { title: string; means: string }> = {
  no_network: { title: 'No network', means: 'What holds the model and a prompt cannot reach any address, so it cannot send either anywhere.' },
  no_sockets: { title: 'No local connections', means: 'It cannot speak to other programs of this machine, which might pass something on.' },
  no_new_processes: { title: 'No new processes', means: 'It cannot start a copy of itself that would live on after it.' },
  no_foreign_program: { title: 'No other programs', means: 'It cannot run a program other than the engine: no shell, no tool.' },
  no_writable_disk: { title: 'Nothing to write to', means: 'There is no file or folder that it can write, so prompts and answers cannot be kept on disk.' },
  no_foreign_files: { title: 'No files of the machine', means: 'It reads the model that it was handed and its own program, and nothing else of this machine.' },
  no_foreign_processes: { title: 'No sight of other processes', means: 'It cannot see, stop or read other programs, nor what they hold in memory.' },
  no_kernel_attack_surface: { title: 'Few ways into the kernel', means: 'Calls that break-outs rely on are refused; only what an engine needs is allowed.' },
  no_core_dump: { title: 'No memory images', means: 'When it crashes, its memory, prompts included, is not written to a file.' },
  memory_limit: { title: 'Bounded memory', means: 'It cannot take the memory of others and slow or stop them.' },
  process_limit: { title: 'Bounded processes', means: 'It cannot exhaust the machine by starting threads or processes.' },
  own_uid: { title: 'A user of its own', means: 'It runs as a system user that owns nothing. A second wall where the ones above have one already.' },
  no_environment: { title: 'No settings of others', means: 'It is started with a handful of fixed variables: credentials in the environment do not reach it.' },
};

export const mechanisms: Record<Mechanism, string> = {
  network_namespace: 'a network of its own that leads nowhere', pid_namespace: 'a process list of its own', mount_namespace: 'a file system of its own', ipc_namespace: 'shared memory of its own', user_namespace: 'a user table of its own',
  seccomp: 'a filter on system calls (seccomp)', landlock: 'file access rules of the kernel (Landlock)', no_new_privileges: 'no way to gain rights', cgroup_v1: 'a control group', cgroup_v2: 'a control group',
  rlimit: 'resource limits of the process', separate_uid: 'a separate user', non_dumpable: 'memory closed to inspection', bare_environment: 'an empty environment', none: 'nothing', operator: 'the operator\'s word',
};

export const statuses = { enforced: 'Enforced', not_enforced: 'Not enforced', unverified: 'Unverified' } as const;

export const tiers: Record<IsolationProfile['tier'], string> = {
  bubblewrap: 'A sandbox of bubblewrap with Modelkeep\'s own launcher inside it.', launcher: 'Modelkeep\'s own launcher, with the namespaces that this machine allows.',
  none: 'No sandbox: the worker can reach whatever its user can reach.', external: 'A server that the operator registered. Nothing is known of it but the operator\'s word.',
};
export const claims: Record<IsolationProfile['claim'], string> = {
  verifier_derived: 'Found by attacks from inside the worker, before the model was loaded. Nobody\'s word is needed for it.', operator_asserted: 'Said by the operator. Modelkeep could not check it.',
};

export const requirements: Record<IsolationRequirement, { title: string; means: string }> = {
  required: { title: 'Required', means: 'The model runs on this machine in a worker whose isolation was attacked and held, or not at all. The right choice for anything that is not a trial.' },
  'best-effort': { title: 'Best effort', means: 'The model runs on this machine with whatever isolation the machine can enforce. The profile says what is missing.' },
  'operator-asserted': { title: 'The operator\'s word', means: 'Prompts go to an engine that your operator registered. Modelkeep repeats what the operator says of it and can check none of it.' },
};

/** `11 of 13 guarantees enforced`, or what stands in its place. */
export function summary(profile: IsolationProfile | null): string {
  if (profile === null) return 'Not probed yet';
  if (profile.findings.length === 0) return profile.claim === 'operator_asserted' ? 'The operator\'s word' : 'No guarantees';
  return `${profile.findings.filter(({ status }) => status === 'enforced').length} of ${profile.findings.length} guarantees enforced`;
}
