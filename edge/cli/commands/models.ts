import { readFileSync } from 'node:fs';
import { operations } from '#contract/operations.ts';
import type { Model } from '#contract/http/models.ts';
import type { z } from 'zod';
import type { ModelManifest } from '#contract/http/models.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, bytes, count, dim, line, table } from '../terminal.ts';

const parameters = (value: number | undefined): string => (value === undefined ? '–' : value >= 1e9 ? `${(value / 1e9).toFixed(1)} B` : `${Math.round(value / 1e6)} M`);
const pulled = { not_pulled: '', pulling: 'pulling', pulled: '✓', failed: 'failed' };

const list: Command = {
  summary: 'List the models of the catalog', args: ['[WORDS]'], options: { task: { type: 'string', help: 'chat-completion, text-generation or embeddings' } },
  examples: ['modelkeep models list', 'modelkeep models list qwen', 'modelkeep models list --task embeddings'],
  run: async (context) => {
    const task = context.choice('task', ['chat-completion', 'text-generation', 'embeddings'] as const);
    const result = await context.client.call(operations.listModels, { query: { search: context.args[0], task } });
    context.print(result, () => line(table(['NAME', 'TASK', 'PARAMETERS', 'LICENCE', 'SIZE', 'PULLED', 'PUBLISHER'], result.data.map((model) => [
      model.name, model.task, parameters(model.parameters), model.licence, model.size === undefined ? '–' : bytes(model.size), model.deployable ? pulled[model.pull] : 'external engine', model.publisher,
    ]))));
  },
};

function describe(model: Model): void {
  const { manifest } = model;
  line(`${bold(model.displayName)}  ${dim(`${model.name} ${model.version}`)}`);
  line(`${model.summary}\n`);
  const rows: [string, string][] = [
    ['publisher', model.publisher], ['task', model.task], ['licence', model.licence], ['parameters', model.parameters === undefined ? 'not stated' : count(model.parameters)],
    ['context', model.contextLength === undefined ? 'not stated' : `${count(model.contextLength)} tokens`], ['format', [model.format, manifest.quantisation].filter(Boolean).join(' ')],
    ['digest', model.digest], ['pulled', model.artifactDigest === null ? pulled[model.pull] || 'no' : `${model.artifactDigest} (${bytes(model.artifactSize ?? 0)}), pinned ${model.pinned === 'manifest' ? 'by the catalog' : 'on the first pull'}`],
    ['homepage', manifest.homepage ?? '–'],
  ];
  for (const [name, value] of rows) line(`  ${dim(name.padEnd(11))} ${value}`);
  for (const file of manifest.files) {
    const { source } = file;
    const from = source.type === 'huggingface' ? `Hugging Face ${source.repository}@${source.revision}` : source.type === 'pypi' ? `Python wheel ${source.package} ${source.version}` : source.type === 'https' ? source.url : source.path;
    line(`  ${dim(file.role.padEnd(11))} ${from}${file.size === undefined ? '' : `, ${bytes(file.size)}`}${file.sha256 === undefined ? ', not pinned yet' : ''}`);
  }
}

const show: Command = {
  summary: 'Show a model: licence, size, digest, source', args: ['MODEL'], options: { version: { type: 'string', help: 'a version; the newest unless given' } }, examples: ['modelkeep models show smollm2-135m-instruct'],
  run: async (context) => {
    const model = await context.client.call(operations.showModel, { params: { model: context.args[0] ?? '' }, query: { version: context.text('version') } });
    context.print(model, () => describe(model));
  },
};

const importModel: Command = {
  summary: 'Import a model version from a manifest file (docs/catalog.md)', args: ['FILE'], examples: ['modelkeep models import my-model.json'],
  run: async (context) => {
    let manifest: z.input<typeof ModelManifest>;
    try { manifest = JSON.parse(readFileSync(context.args[0] ?? '', 'utf8')) as z.input<typeof ModelManifest>; } catch { throw new CliError('unreadable_file', `${context.args[0] ?? ''} cannot be read as JSON.`, exitCodes.usage); }
    const model = await context.client.call(operations.importModel, { body: manifest });
    context.print(model, () => line(`Imported ${bold(model.name)} ${model.version}  ${dim(model.digest)}\nPull it: modelkeep pull ${model.name}`));
  },
};

export const models: Record<string, Command> = { list, show, import: importModel };
