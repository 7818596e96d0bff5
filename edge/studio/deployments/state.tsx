/** The state of a deployment: a word and a look, and when to look again. */
import type { ReactNode } from 'react';
import type { AnswerOf } from '../api/call.ts';
import { StateBadge } from '../frame/state-badge.tsx';

export type Deployment = AnswerOf<'showDeployment'>;
const states = { starting: ['Starting', 'working'], ready: ['Ready', 'good'], failed: ['Failed', 'bad'] } as const;

/** `told`: a change of it is read out. */
export function DeploymentState({ state, told = false }: Pick<Deployment, 'state'> & { told?: boolean }): ReactNode {
  const [word, look] = states[state];
  return <span {...(told ? { role: 'status' } : {})}><StateBadge look={look}>{word}</StateBadge></span>;
}

/** What starts is looked at often; what stands, now and then. */
export const pollFor = (deployments: readonly Pick<Deployment, 'state'>[]): number => (deployments.some(({ state }) => state === 'starting') ? 1500 : 10_000);
