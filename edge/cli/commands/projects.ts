import { canonicalJson } from '#contract/canonical-json.ts';
import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { confirm, yesOption } from '../confirm.ts';
import { line, mark, table } from '../terminal.ts';

const create: Command = {
  summary: 'Create a project: a tenant with deployments, keys, tokens, usage and caches of its own', args: ['NAME'], examples: ['modelkeep projects create research', 'modelkeep --project research deploy smollm2-135m-instruct --serverless --name demo'],
  run: async (context) => {
    const result = await context.client.call(operations.createProject, { body: { name: context.args[0] ?? '' } });
    context.print(result, () => line(`${mark(true)} project ${result.name}. Work in it with: modelkeep --project ${result.name} …`));
  },
};
const list: Command = {
  summary: 'List the projects', examples: ['modelkeep projects list'],
  run: async (context) => {
    const result = await context.client.call(operations.listProjects);
    context.print(result, () => line(table(['NAME', 'CREATED', 'ID'], result.data.map((project) => [project.name, project.createdAt, project.id]))));
  },
};
const remove: Command = {
  summary: 'Delete a project: its files with their keys, its deployments, tokens and datastores; prints the certificate', args: ['NAME'], options: yesOption, examples: ['modelkeep projects delete research > research.deletion.json'],
  run: async (context) => {
    await confirm(context, `Delete project ${context.args[0] ?? ''}, its files and the keys that open them? This cannot be undone.`);
    const result = await context.client.call(operations.deleteProject, { params: { project: context.args[0] ?? '' } });
    context.print(result, () => line(canonicalJson(result.certificate)));
  },
};
export const projects: Record<string, Command> = { create, list, delete: remove };
