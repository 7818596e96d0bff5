import type { Command } from '../command.ts';
import { askSupervisor } from '../supervisor-client.ts';
import { dim, line } from '../terminal.ts';

export const config: Command = {
  summary: 'Show the effective configuration, without secrets', examples: ['modelkeep config', 'modelkeep config --json'],
  run: async (context) => {
    const configuration = await askSupervisor<Record<string, unknown>>(context.data, '/configuration');
    context.print(configuration, () => { for (const [name, value] of Object.entries(configuration)) line(`${dim(name.padEnd(14))} ${typeof value === 'string' ? value : JSON.stringify(value)}`); });
  },
};
