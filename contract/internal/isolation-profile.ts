/** What keeps a worker apart, guarantee by guarantee, as found by attacks from inside it. Enums only: it is stored and published. */
import { z } from 'zod';
import { canonicalJson } from '../canonical-json.ts';
import { pub } from '../marks.ts';
import { Time } from '../names.ts';

export const Guarantee = z.enum([
  'no_network', 'no_sockets', 'no_new_processes', 'no_foreign_program', 'no_writable_disk', 'no_foreign_files',
  'no_foreign_processes', 'no_kernel_attack_surface', 'no_core_dump', 'memory_limit', 'process_limit', 'own_uid', 'no_environment',
]);
export type Guarantee = z.output<typeof Guarantee>;

export const Mechanism = z.enum([
  'network_namespace', 'pid_namespace', 'mount_namespace', 'ipc_namespace', 'user_namespace', 'seccomp', 'landlock', 'no_new_privileges',
  'cgroup_v1', 'cgroup_v2', 'rlimit', 'separate_uid', 'non_dumpable', 'bare_environment', 'none', 'operator',
]);
export type Mechanism = z.output<typeof Mechanism>;

export const Finding = z.object({
  guarantee: pub(Guarantee),
  status: pub(z.enum(['enforced', 'not_enforced', 'unverified'])),
  /** What carries the guarantee; several where one would do alone. */
  mechanisms: pub(z.array(Mechanism)),
  /** Whether a `required` deployment refuses to run without it. */
  required: pub(z.boolean()),
  probedAt: pub(Time),
});
export type Finding = z.output<typeof Finding>;

/**
 * Tier `bubblewrap` (A), `launcher` (B: no new privileges, seccomp, Landlock and the namespaces that this machine allows),
 * `none` (below B), `external` (an engine that the operator registered: nothing is known but the operator's word).
 */
export const IsolationProfile = z.object({
  tier: pub(z.enum(['bubblewrap', 'launcher', 'none', 'external'])),
  claim: pub(z.enum(['verifier_derived', 'operator_asserted'])),
  findings: z.array(Finding),
});
export type IsolationProfile = z.output<typeof IsolationProfile>;

/** What the digest of a profile is taken of, in receipts and in the ledger: RFC 8785 JSON without the times, which are not what it is. */
export function spelledProfile({ findings, ...profile }: IsolationProfile): string {
  return canonicalJson({ ...profile, findings: findings.map(({ probedAt: _probedAt, ...finding }) => finding) });
}
