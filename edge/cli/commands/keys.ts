import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { dim, line, mark, table } from '../terminal.ts';

const list: Command = {
  summary: 'List the two keys of a deployment (not their values)', args: ['DEPLOYMENT'], examples: ['modelkeep keys list demo'],
  run: async (context) => {
    const result = await context.client.call(operations.listKeys, { params: { deployment: context.args[0] ?? '' } });
    context.print(result, () => line(table(['KEY', 'BEGINS', 'CREATED', 'ID'], result.data.map((key) => [key.slot, key.hint, key.createdAt, key.id]))));
  },
};
const regenerate: Command = {
  summary: 'Replace one key; the other goes on working', args: ['DEPLOYMENT', 'primary|secondary'], examples: ['modelkeep keys regenerate demo secondary'],
  run: async (context) => {
    const [deployment = '', slot] = context.args;
    if (slot !== 'primary' && slot !== 'secondary') throw new CliError('usage', 'The key is primary or secondary.', exitCodes.usage);
    const result = await context.client.call(operations.regenerateKey, { params: { deployment, slot } });
    context.print(result, () => line(`${mark(true)} new ${result.slot} key, shown only now:\n  ${result.key}\n${dim('The old one has stopped working.')}`));
  },
};
export const keys: Record<string, Command> = { list, regenerate };
