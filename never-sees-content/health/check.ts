/** One finding about the installation's health. */
import type { HealthCheck } from '#contract/http/health.ts';

type About = Pick<HealthCheck, 'check' | 'name' | 'means'>;

export const well = (about: About, found: string): HealthCheck => ({ ...about, state: 'ok', found, action: null, command: null });
export const unwell = (about: About, state: 'attention' | 'failed', found: string, action: string, command: string | null = null): HealthCheck => ({ ...about, state, found, action, command });
/** What could not even be asked. */
export const unanswered = (about: About, action: string, command: string | null = null): HealthCheck => unwell(about, 'failed', 'It does not answer.', action, command);
