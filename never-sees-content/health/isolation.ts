/** What this machine can enforce for a worker, as the room that starts workers finds it: asked as a program, for this room imports no other. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { HealthCheck } from '#contract/http/health.ts';
import { unanswered, unwell, well } from './check.ts';

const examiner = fileURLToPath(new URL('../../sees-content/worker-host/isolation/doctor.ts', import.meta.url));
const Examined = z.object({ tier: z.enum(['bubblewrap', 'launcher', 'none']), checks: z.array(z.object({ name: z.string(), state: z.enum(['good', 'weaker', 'bad']), says: z.string() })) });
const tiers = { bubblewrap: 'Tier A (bubblewrap)', launcher: 'Tier B (launcher)', none: 'No tier' } as const;

export async function checkIsolation(path: string): Promise<HealthCheck> {
  const about = { check: 'isolation', name: 'Isolation of workers', means: 'A worker holds prompts. A deployment does not start where a guarantee that it asks for is not enforced.' } as const;
  const text = await new Promise<string>((resolve) => execFile(process.execPath, ['--no-warnings', examiner], { timeout: 30_000, env: { PATH: path } }, (_error, stdout) => resolve(stdout)));
  let examined: z.output<typeof Examined>;
  try { examined = Examined.parse(JSON.parse(text)); } catch { return unanswered(about, 'See what is missing.', 'modelkeep doctor'); }
  const listed = (wanted: string): string[] => examined.checks.filter(({ state }) => state === wanted).map(({ name }) => name);
  const [bad, weaker] = [listed('bad'), listed('weaker')];
  if (examined.tier === 'none' || bad.length > 0) return unwell(about, 'failed', `${tiers[examined.tier]}. Not enforced: ${bad.join(', ') || 'anything'}.`, 'See what is missing, and what installs it.', 'modelkeep doctor');
  if (weaker.length > 0) return unwell(about, 'attention', `${tiers[examined.tier]}: every required guarantee is enforced. Weaker than it could be: ${weaker.join(', ')}.`, 'See what would make it stronger.', 'modelkeep doctor');
  return well(about, `${tiers[examined.tier]}: every guarantee is enforced.`);
}
