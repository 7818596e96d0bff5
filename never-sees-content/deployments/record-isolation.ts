/** Enters where a deployment's model runs: the isolation profile that was found there, whenever it differs from the one entered last. */
import { createHash } from 'node:crypto';
import { spelledProfile } from '#contract/internal/isolation-profile.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import type { Storage } from '../storage/storage.ts';

export async function recordIsolation(storage: Storage, deploymentId: string, profile: IsolationProfile): Promise<void> {
  const profileDigest = `sha256:${createHash('sha256').update(spelledProfile(profile)).digest('hex')}`;
  await storage.transact({ kind: 'system', id: 'gateway' }, async (tx) => {
    const deployment = await tx.selectFrom('deployments').select('project_id').where('id', '=', deploymentId).executeTakeFirst();
    const last = await tx.selectFrom('ledger_entries').select('facts').where('object', '=', deploymentId).where('kind', '=', 'deployment.isolated').orderBy('seq', 'desc').limit(1).executeTakeFirst();
    if (!deployment || last?.facts['profileDigest'] === profileDigest) return { result: undefined, unchanged: true };
    const enforced = profile.findings.filter(({ status }) => status === 'enforced').length;
    return { result: undefined, entry: { kind: 'deployment.isolated', object: deploymentId, projectId: deployment.project_id, facts: { profileDigest, tier: profile.tier, claim: profile.claim, enforced, of: profile.findings.length } } };
  });
}
