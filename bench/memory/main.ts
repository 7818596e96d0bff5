/** Memory of each process of an idle installation: proportional set size (pages shared with others counted in part), MiB. */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants } from '#testing/canary/search.ts';
import { Installation } from '#testing/installation.ts';

const proportional = (pid: number): number => {
  try { return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024; } catch { return 0; }
};

const installation = await Installation.start();
try {
  await sleep(5000);
  const supervisor = await installation.supervisorPid();
  const rows: Record<string, number> = { supervisor: proportional(supervisor) };
  for (const { name, pid } of await installation.processes()) rows[name] = descendants(pid).reduce((sum, each) => sum + proportional(each), 0);
  const rounded = Object.fromEntries(Object.entries(rows).map(([name, mebibytes]) => [name, Math.round(mebibytes)]));
  process.stdout.write(`${JSON.stringify({ date: new Date().toISOString(), unit: 'MiB PSS', ...rounded }, null, 1)}\n`);
} finally { await installation.remove(); }
