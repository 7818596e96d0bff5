import { execFile } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from '../command.ts';
import { dataFolder } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { bold, bytes, dim, line, mark, yellow } from '../terminal.ts';

interface Check { name: string; state: 'good' | 'weaker' | 'bad'; says: string; repair?: string }
interface Isolation { tier: string; checks: Check[] }
const isolationDoctor = fileURLToPath(new URL('../../../sees-content/worker-host/isolation/doctor.ts', import.meta.url));

async function run(file: string, args: string[]): Promise<{ ok: boolean; text: string }> {
  return await new Promise((resolve) => execFile(file, args, { timeout: 60_000 }, (error, stdout, stderr) => resolve({ ok: error === null, text: stdout || stderr })));
}

async function isolation(): Promise<Isolation> {
  const { ok, text } = await run(process.execPath, ['--no-warnings', isolationDoctor]);
  if (!ok) return { tier: 'none', checks: [{ name: 'isolation', state: 'bad', says: 'the isolation of this machine could not be examined' }] };
  return JSON.parse(text) as Isolation;
}

function room(data: string): Check {
  let at = data;
  for (;;) {
    try {
      const { bavail, bsize } = statfsSync(at);
      const free = bavail * bsize;
      return { name: 'disk', state: free > 2e9 ? 'good' : 'weaker', says: `${bytes(free)} free at ${at}`, ...(free > 2e9 ? {} : { repair: 'Make room, or choose another folder: modelkeep up --data DIR' }) };
    } catch { if (at === '/') return { name: 'disk', state: 'bad', says: 'the data folder cannot be examined' }; at = dirname(at); }
  }
}

export const doctor: Command = {
  summary: 'Say what this machine can enforce, what is missing, and the command that installs it',
  run: async (context) => {
    const examined = await isolation();
    const pip = await run('python3', ['-m', 'pip', '--version']);
    const checks: Check[] = [
      ...examined.checks,
      { name: 'python wheels', state: pip.ok ? 'good' : 'weaker', says: pip.ok ? pip.text.split(' from ')[0]?.trim() ?? '' : 'models that come inside Python wheels cannot be pulled', ...(pip.ok ? {} : { repair: 'apt-get install python3-pip' }) },
      room(dataFolder(context.data)),
      { name: 'memory', state: totalmem() > 2e9 ? 'good' : 'weaker', says: `${bytes(freemem())} free of ${bytes(totalmem())}` },
    ];
    context.print({ tier: examined.tier, checks }, () => {
      line(`${bold('Isolation of workers')}: ${examined.tier === 'none' ? 'not enforceable here' : `tier ${examined.tier === 'bubblewrap' ? 'A (bubblewrap)' : 'B (launcher)'}`}\n`);
      for (const check of checks) {
        line(`  ${check.state === 'good' ? mark(true) : check.state === 'bad' ? mark(false) : yellow('–')} ${check.name.padEnd(24)} ${check.says}`);
        if (check.repair !== undefined) line(dim(`      ${check.repair}`));
      }
    });
    if (checks.some((check) => check.state === 'bad')) process.exitCode = exitCodes.failed;
  },
};
