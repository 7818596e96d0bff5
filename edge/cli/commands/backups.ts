import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { bytes, count, line, printable, table } from '../terminal.ts';

const list: Command = {
  summary: 'List the backups that the ledger knows of', examples: ['modelkeep backups list'],
  run: async (context) => {
    const result = await context.client.call(operations.listBackups);
    context.print(result, () => line(result.data.length === 0 ? 'No backup yet. Make one: modelkeep backup DIR' : table(['BACKUP', 'OF', 'TAKEN', 'FILES', 'SIZE', 'PLACE'], result.data.map((each) => [each.id, each.kind, each.takenAt, count(each.objects), bytes(each.bytes), printable(each.place)]))));
  },
};
export const backups: Record<string, Command> = { list };
