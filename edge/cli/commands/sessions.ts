import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { line, mark, table } from '../terminal.ts';

const list: Command = {
  summary: 'List the open sessions of an account', args: ['PERSON'], examples: ['modelkeep sessions list anna'],
  run: async (context) => {
    const result = await context.client.call(operations.listSessions, { query: { account: context.args[0] ?? '' } });
    context.print(result, () => line(table(['ID', 'BROWSER', 'SYSTEM', 'BEGUN', 'LAST USED', 'ENDS'], result.data.map((each) => [each.id, each.browser, each.system, each.startedAt, each.lastSeenAt, each.expiresAt]))));
  },
};
const end: Command = {
  summary: 'End a session; its next request is refused', args: ['SESSION'], examples: ['modelkeep sessions end ses_…'],
  run: async (context) => {
    const result = await context.client.call(operations.revokeSession, { params: { session: context.args[0] ?? '' } });
    context.print(result, () => line(`${mark(true)} ${result.id} has ended`));
  },
};
export const sessions: Record<string, Command> = { list, end };
