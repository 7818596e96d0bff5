import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { line, mark, table } from '../terminal.ts';

const create: Command = {
  summary: 'Create a project: a tenant with deployments, keys, tokens, usage and caches of its own', args: ['NAME'],
  run: async (context) => {
    const result = await context.client.call(operations.createProject, { body: { name: context.args[0] ?? '' } });
    context.print(result, () => line(`${mark(true)} project ${result.name}. Work in it with: modelkeep --project ${result.name} …`));
  },
};
const list: Command = {
  summary: 'List the projects',
  run: async (context) => {
    const result = await context.client.call(operations.listProjects);
    context.print(result, () => line(table(['NAME', 'CREATED', 'ID'], result.data.map((project) => [project.name, project.createdAt, project.id]))));
  },
};
export const projects: Record<string, Command> = { create, list };
