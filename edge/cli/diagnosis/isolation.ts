/** What this machine can enforce for a worker, as the room that starts workers finds it: asked as a program, for this room imports no other. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Check } from './check.ts';
import { run } from './program.ts';

const examiner = fileURLToPath(new URL('../../../sees-content/worker-host/isolation/doctor.ts', import.meta.url));
const Examined = z.object({
  tier: z.enum(['bubblewrap', 'launcher', 'none']),
  checks: z.array(z.object({ name: z.string(), state: z.enum(['good', 'weaker', 'bad']), says: z.string(), repair: z.string().optional() })),
});
export interface Isolation { tier: 'bubblewrap' | 'launcher' | 'none'; checks: Check[] }

export async function examineIsolation(): Promise<Isolation> {
  const { ok, text } = await run(process.execPath, ['--no-warnings', examiner]);
  try {
    if (!ok) throw new Error();
    const { tier, checks } = Examined.parse(JSON.parse(text));
    return { tier, checks: checks.map(({ repair, ...check }) => ({ ...check, ...(repair === undefined ? {} : { repair }) })) };
  } catch {
    return { tier: 'none', checks: [{ name: 'isolation', state: 'bad', says: 'the isolation of this machine could not be examined', repair: 'npm ci' }] };
  }
}
