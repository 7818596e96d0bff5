import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { dim, line, mark, yellow } from '../terminal.ts';

const signs = { ok: mark(true), attention: yellow('–'), failed: mark(false) };

export const health: Command = {
  summary: 'Show whether the installation is well, check by check, and what to do', examples: ['modelkeep health', 'modelkeep health --json'],
  run: async (context) => {
    const result = await context.client.call(operations.showHealth);
    context.print(result, () => {
      for (const { name, state, found, action, command } of result.checks) {
        line(`  ${signs[state]} ${name.padEnd(24)} ${found}`);
        if (action !== null) line(dim(`      ${action}${command === null ? '' : `  ${command}`}`));
      }
    });
    if (result.state === 'failed') process.exitCode = exitCodes.failed;
  },
};
