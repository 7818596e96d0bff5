import type { Command, Context } from '../command.ts';
import { checkDatabase } from '../diagnosis/database.ts';
import { examineIsolation } from '../diagnosis/isolation.ts';
import { checkDisk, checkMemory, checkWheels } from '../diagnosis/machine.ts';
import type { Check } from '../diagnosis/check.ts';
import type { Client } from '../client.ts';
import { databaseUrl, dataFolder } from '../environment.ts';
import { exitCodes } from '../exit-codes.ts';
import { bold, dim, line, mark, yellow } from '../terminal.ts';

const tiers = { bubblewrap: 'tier A (bubblewrap)', launcher: 'tier B (launcher)', none: 'not enforceable here' };
const signs = { good: mark(true), weaker: yellow('–'), bad: mark(false) };

/** The installation on this machine: a login to another one says nothing about this one. */
function localClient(context: Context): Client | undefined {
  try { return context.client.connection.local ? context.client : undefined; } catch { return undefined; }
}

function print(check: Check): void {
  line(`  ${signs[check.state]} ${check.name.padEnd(24)} ${check.says}`);
  if (check.repair !== undefined) line(dim(`      ${check.repair}`));
}

export const doctor: Command = {
  summary: 'Say what this machine can enforce, what is missing, and the command that installs it', examples: ['modelkeep doctor', 'modelkeep doctor --json'],
  run: async (context) => {
    const isolation = await examineIsolation();
    const machine = [await checkWheels(), checkDisk(dataFolder(context.data)), checkMemory(), await checkDatabase(localClient(context), databaseUrl())];
    const checks = [...isolation.checks, ...machine];
    context.print({ tier: isolation.tier, checks }, () => {
      line(`${bold('Isolation of workers')}: ${tiers[isolation.tier]}\n`);
      isolation.checks.forEach(print);
      line(`\n${bold('Machine')}\n`);
      machine.forEach(print);
    });
    if (checks.some((check) => check.state === 'bad')) process.exitCode = exitCodes.failed;
  },
};
