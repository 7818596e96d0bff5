/** From what the attacks inside found and the mechanisms that were put to work: the isolation profile, guarantee by guarantee. */
import type { Finding, Guarantee, IsolationProfile, Mechanism } from '#contract/internal/isolation-profile.ts';
import type { ProbeResult } from '#contract/internal/worker-protocol.ts';
import type { Tier } from './environment.ts';

/** What can carry a guarantee, the stronger first; and whether a deployment that requires isolation needs it. */
const carriers: Record<Guarantee, { by: Mechanism[]; required: boolean }> = {
  no_network: { by: ['network_namespace', 'seccomp'], required: true },
  no_sockets: { by: ['seccomp'], required: true },
  no_new_processes: { by: ['seccomp'], required: true },
  no_foreign_program: { by: ['seccomp', 'landlock', 'mount_namespace'], required: true },
  no_writable_disk: { by: ['landlock', 'mount_namespace', 'rlimit'], required: true },
  no_foreign_files: { by: ['landlock', 'mount_namespace'], required: true },
  no_foreign_processes: { by: ['pid_namespace', 'seccomp', 'landlock', 'non_dumpable'], required: false },
  no_kernel_attack_surface: { by: ['seccomp', 'no_new_privileges'], required: true },
  no_core_dump: { by: ['rlimit', 'non_dumpable'], required: true },
  memory_limit: { by: ['cgroup_v2', 'cgroup_v1', 'rlimit'], required: true },
  process_limit: { by: ['seccomp', 'cgroup_v2', 'cgroup_v1', 'rlimit'], required: true },
  own_uid: { by: ['separate_uid'], required: false },
  no_environment: { by: ['bare_environment'], required: true },
};

export function verify(tier: Tier, probe: ProbeResult, mechanisms: ReadonlySet<Mechanism>, probedAt = new Date()): IsolationProfile {
  const findings = (Object.keys(carriers) as Guarantee[]).map((guarantee): Finding => {
    const { by, required } = carriers[guarantee];
    const at = by.filter((mechanism) => mechanisms.has(mechanism));
    return { guarantee, required, probedAt: probedAt.toISOString(), ...judge(guarantee, probe, at) };
  });
  return { tier, claim: 'verifier_derived', findings };
}

function judge(guarantee: Guarantee, probe: ProbeResult, mechanisms: Mechanism[]): Pick<Finding, 'status' | 'mechanisms'> {
  const attacks = probe.attacks.filter((attack) => attack.guarantee === guarantee);
  const not = { status: 'not_enforced', mechanisms: [] as Mechanism[] } as const;
  // A uid of its own can be seen from outside only; inside, the launcher would have ended where it could not drop it.
  if (guarantee === 'own_uid') return mechanisms.length > 0 && attacks.every((attack) => attack.refused === true) ? { status: 'enforced', mechanisms } : not;
  // A group's limit is not visible from inside: it was set before the worker joined, or there would be no worker.
  if (guarantee === 'memory_limit' && mechanisms.some((mechanism) => mechanism.startsWith('cgroup'))) return { status: 'enforced', mechanisms: mechanisms.filter((mechanism) => mechanism.startsWith('cgroup')) };
  if (attacks.some((attack) => attack.refused === false) || mechanisms.length === 0) return not;
  return { status: attacks.length === 0 || attacks.some((attack) => attack.refused === null) ? 'unverified' : 'enforced', mechanisms };
}

/** Whether a deployment that requires isolation may use this place. */
export const meetsRequirement = (profile: IsolationProfile): boolean => profile.findings.every((finding) => !finding.required || finding.status === 'enforced');
