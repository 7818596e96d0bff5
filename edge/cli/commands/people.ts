import type { Person } from '#contract/http/people.ts';
import { operations } from '#contract/operations.ts';
import { roles } from '#contract/roles.ts';
import type { Role, Scope } from '#contract/roles.ts';
import type { Command, Context, OptionSpec } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { dim, line, mark, table } from '../terminal.ts';

const everywhere: Record<string, OptionSpec> = { everywhere: { type: 'boolean', help: 'in the whole installation instead of the project' } };
const scopeOf = (context: Context): Scope => (context.flag('everywhere') ? 'installation' : 'project');
const invitationMinutes = 7 * 24 * 60;

function roleOf(text: string | undefined): Role {
  const found = roles.find((role) => role === text);
  if (!found) throw new CliError('usage', `A role is one of: ${roles.join(', ')}.`, exitCodes.usage);
  return found;
}
const spelled = ({ roles: held }: Person): string => held.map(({ project, role }) => `${role} ${project === null ? 'everywhere' : `in ${project}`}`).join(', ');
const shownLink = (url: string, expiresAt: string): string => `  ${url}\n${dim(`works once, until ${expiresAt}; shown only now`)}`;

const list: Command = {
  summary: 'List who has a role in the project', options: { everywhere: { type: 'boolean', help: 'everybody of the installation' } }, examples: ['modelkeep people list', 'modelkeep people list --everywhere --json'],
  run: async (context) => {
    const result = await context.client.call(operations.listPeople, { query: { scope: scopeOf(context) } });
    context.print(result, () => line(table(['NAME', 'ROLES', 'PASSWORD', 'LAST SEEN', 'ID'], result.data.map((person) => [person.name, spelled(person), person.hasPassword ? 'set' : 'none', person.lastSeenAt ?? '', person.id]))));
  },
};
const add: Command = {
  summary: 'Make an account; the link that is shown signs it in, once', args: ['NAME', 'ROLE'], options: everywhere, examples: ['modelkeep people add anna member', 'modelkeep people add bert administrator --everywhere'],
  run: async (context) => {
    const result = await context.client.call(operations.addPerson, { body: { name: context.args[0] ?? '', role: roleOf(context.args[1]), scope: scopeOf(context) } });
    context.print(result, () => line(`${mark(true)} ${result.name} is ${spelled(result)}; give them this link:\n${shownLink(result.link.url, result.link.expiresAt)}`));
  },
};
const role: Command = {
  summary: 'Give somebody another role: reader, member or administrator', args: ['PERSON', 'ROLE'], options: everywhere, examples: ['modelkeep people role anna reader', 'modelkeep --project research people role anna member'],
  run: async (context) => {
    const result = await context.client.call(operations.setRole, { params: { person: context.args[0] ?? '' }, body: { role: roleOf(context.args[1]), scope: scopeOf(context) } });
    context.print(result, () => line(`${mark(true)} ${result.name} is ${spelled(result)}`));
  },
};
const remove: Command = {
  summary: 'Take somebody\'s role in the project away; without a role left the account is removed', args: ['PERSON'], options: { everywhere: { type: 'boolean', help: 'remove the account, whatever roles it has' } },
  examples: ['modelkeep people remove anna', 'modelkeep people remove anna --everywhere'],
  run: async (context) => {
    const result = await context.client.call(operations.removePerson, { params: { person: context.args[0] ?? '' }, query: { scope: scopeOf(context) } });
    context.print(result, () => line(`${mark(true)} ${result.removed === 'account' ? 'the account is removed, and its sessions have ended' : 'the role in this project is taken away'}`));
  },
};
const link: Command = {
  summary: 'Make a link that signs somebody in, once, for 7 days: for a lost password', args: ['PERSON'], examples: ['modelkeep people link anna'],
  run: async (context) => {
    const result = await context.client.call(operations.createSignInLink, { body: { account: context.args[0] ?? '', expiresInMinutes: invitationMinutes } });
    context.print(result, () => line(`${mark(true)} a link for ${result.account}:\n${shownLink(result.url, result.expiresAt)}`));
  },
};
export const people: Record<string, Command> = { list, add, role, remove, link };
