/** Whether the installation is well: named checks, each with what was found and what to do. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { Time } from '../names.ts';
import { operation } from '../operation.ts';

export const HealthState = z.enum(['ok', 'attention', 'failed']);
export const HealthCheck = z.object({
  check: pub(z.enum(['database', 'disk', 'memory', 'ledger', 'custody', 'witnesses', 'deployments', 'isolation', 'address', 'clock', 'wheels'])), name: pub(z.string()), state: pub(HealthState),
  /** Sentences: what is, and why it matters. */
  found: pub(z.string()), means: pub(z.string()),
  /** What to do: a sentence or a command. Null where nothing is to be done. */
  action: pub(z.string().nullable()), command: pub(z.string().nullable()),
});
export type HealthCheck = z.output<typeof HealthCheck>;

export const showHealth = operation({
  id: 'showHealth', summary: 'Whether the installation is well, check by check, and what to do', tag: 'system', method: 'GET', path: '/api/health', access: 'read', servedBy: 'control',
  response: z.object({ /** The worst of the checks. */ state: pub(HealthState), checkedAt: pub(Time), checks: z.array(HealthCheck) }), errors: [],
});
