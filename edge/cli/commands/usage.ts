import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { count, dim, line, table } from '../terminal.ts';

export const usage: Command = {
  summary: 'Show what was used: requests and tokens by deployment', options: {
    by: { type: 'string', help: 'total, day or hour (total)' }, deployment: { type: 'string', help: 'one deployment only' }, from: { type: 'string', help: 'from this time (RFC 3339)' }, to: { type: 'string', help: 'until this time' },
  }, examples: ['modelkeep usage', 'modelkeep usage --by day --deployment demo'],
  run: async (context) => {
    const by = context.choice('by', ['total', 'day', 'hour'] as const);
    const result = await context.client.call(operations.showUsage, { query: { by, deployment: context.text('deployment'), from: context.text('from'), to: context.text('to') } });
    context.print(result, () => {
      line(table([by === undefined || by === 'total' ? 'SINCE' : by.toUpperCase(), 'DEPLOYMENT', 'REQUESTS', 'ABORTED', 'FAILED', 'TOKENS IN', 'OF THEM CACHED', 'TOKENS OUT'], result.data.map((row) => [row.from, row.deployment, count(row.requests), count(row.aborted), count(row.failed), count(row.promptTokens), count(row.cachedTokens), count(row.outputTokens)])));
      const { totals } = result;
      line(dim(`\n${count(totals.requests)} requests, ${count(totals.promptTokens)} tokens in (${count(totals.cachedTokens)} cached), ${count(totals.outputTokens)} tokens out`));
    });
  },
};
