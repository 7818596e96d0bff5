import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { bold, dim, line } from '../terminal.ts';

/** The account of whoever runs the installation. */
export const owner = 'owner';

export const studio: Command = {
  summary: 'Print a link that opens the studio in a browser, signed in: it works once, for 15 minutes',
  options: { account: { type: 'string', help: `whom it signs in (${owner})` } }, examples: ['modelkeep studio', 'modelkeep studio --account anna', 'xdg-open "$(modelkeep studio --json | jq -r .url)"'],
  run: async (context) => {
    const link = await context.client.call(operations.createSignInLink, { body: { account: context.text('account') ?? owner } });
    context.print(link, () => line(`${bold(link.url)}\n${dim(`signs in ${link.account}, once, until ${link.expiresAt}`)}`));
  },
};
