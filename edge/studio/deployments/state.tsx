/** The state of a deployment: a word and a colour, and whatever it is, when to look again. */
import type { ReactNode } from 'react';
import { Badge } from '@fluentui/react-components';
import type { AnswerOf } from '../api/call.ts';

export type Deployment = AnswerOf<'showDeployment'>;
const states = { starting: ['Starting', 'warning'], ready: ['Ready', 'success'], failed: ['Failed', 'danger'] } as const;

/** `told`: a change of it is read out. */
export function StateBadge({ state, told = false }: Pick<Deployment, 'state'> & { told?: boolean }): ReactNode {
  const [word, color] = states[state];
  return <Badge appearance="tint" color={color} {...(told ? { role: 'status' } : {})}>{word}</Badge>;
}

/** What starts is looked at often; what stands, now and then. */
export const pollFor = (deployments: readonly Pick<Deployment, 'state'>[]): number => (deployments.some(({ state }) => state === 'starting') ? 1500 : 10_000);
