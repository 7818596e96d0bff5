/** How a deployment is, in words. */
import type { ReactNode } from 'react';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import { StateBadge } from '../../frame/state-badge.tsx';

export function DeploymentBadge({ state }: { state: 'starting' | 'ready' | 'failed' }): ReactNode {
  return <StateBadge look={state === 'ready' ? 'good' : state === 'failed' ? 'bad' : 'working'}>{state === 'ready' ? 'Ready' : state === 'failed' ? 'Failed' : 'Starting'}</StateBadge>;
}

export function isolationInShort(profile: IsolationProfile | null): string {
  if (!profile) return 'isolation not probed yet';
  if (profile.claim === 'operator_asserted') return 'isolation: the operator\'s word only';
  return `${profile.findings.filter(({ status }) => status === 'enforced').length} of ${profile.findings.length} isolation guarantees enforced`;
}
