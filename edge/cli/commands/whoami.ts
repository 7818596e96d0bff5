import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { line } from '../terminal.ts';

const kinds = { local_user: 'the user of modelkeep up', administrator: 'an administrator credential', project_token: 'a project token', endpoint_key: 'an endpoint key', account: 'an account' } as const;

export const whoami: Command = {
  summary: 'Show who you are to the server, and what you may do where', examples: ['modelkeep whoami', 'modelkeep whoami --json'],
  run: async (context) => {
    const { csrf: _ofBrowsersOnly, ...who } = await context.client.call(operations.showSession);
    context.print(who, () => line([`${kinds[who.kind]}: ${who.role} ${who.scope === 'installation' ? 'everywhere' : `in ${who.project}`}`, `working in ${who.project}; open: ${who.projects.map(({ name, role }) => `${name} (${role})`).join(', ')}`].join('\n')));
  },
};
