import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { dim, line, mark, table } from '../terminal.ts';

const create: Command = {
  summary: 'Create a project token: for management and, as an OpenAI API key, for all deployments of the project', args: ['NAME'],
  options: { 'expires-in-days': { type: 'string', help: 'days until it expires; never unless given' } }, examples: ['modelkeep tokens create ci --expires-in-days 90'],
  run: async (context) => {
    const days = context.number('expires-in-days');
    const result = await context.client.call(operations.createToken, { body: { name: context.args[0] ?? '', ...(days === undefined ? {} : { expiresInDays: days }) } });
    context.print(result, () => line(`${mark(true)} token ${result.name} for project ${result.project}, shown only now:\n  ${result.token}${result.expiresAt === null ? '' : dim(`\nexpires ${result.expiresAt}`)}`));
  },
};
const list: Command = {
  summary: 'List the tokens of the project (not their values)', examples: ['modelkeep tokens list'],
  run: async (context) => {
    const result = await context.client.call(operations.listTokens);
    context.print(result, () => line(table(['NAME', 'BEGINS', 'CREATED', 'EXPIRES', 'REVOKED', 'ID'], result.data.map((token) => [token.name, token.hint, token.createdAt, token.expiresAt ?? 'never', token.revokedAt ?? '', token.id]))));
  },
};
const revoke: Command = {
  summary: 'Revoke a token by name or id; it stops working at once', args: ['TOKEN'], examples: ['modelkeep tokens revoke ci'],
  run: async (context) => {
    const result = await context.client.call(operations.revokeToken, { params: { token: context.args[0] ?? '' } });
    context.print(result, () => line(`${mark(true)} ${result.name} is revoked`));
  },
};
export const tokens: Record<string, Command> = { create, list, revoke };
