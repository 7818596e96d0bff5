/** The state of a model, in colour, shape and word. */
import type { ReactNode } from 'react';
import { StateBadge } from '../frame/state-badge.tsx';
import { pullNames } from './words.ts';
import type { Summary } from './words.ts';

const looks = { not_pulled: 'neutral', pulling: 'working', pulled: 'good', failed: 'bad' } as const;

export function PullBadge({ model }: { model: Pick<Summary, 'pull' | 'deployable'> }): ReactNode {
  if (!model.deployable) return <StateBadge look="neutral">External engine</StateBadge>;
  return <StateBadge look={looks[model.pull]}>{pullNames[model.pull]}</StateBadge>;
}
