import { readFileSync } from 'node:fs';
import { operations } from '#contract/operations.ts';
import { ModelManifest } from '#contract/http/models.ts';
import type { Model } from '#contract/http/models.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, bytes, count, dim, line, printable, table } from '../terminal.ts';
import { compare, memory, parameters } from './compare-models.ts';

const pulled = { not_pulled: '', pulling: 'pulling', pulled: '✓', failed: 'failed' };

const list: Command = {
  summary: 'List the models of the catalog', args: ['[WORDS]'],
  options: {
    search: { type: 'string', help: 'words that must all occur; the same as WORDS' }, task: { type: 'string', help: 'chat-completion, text-generation or embeddings' }, licence: { type: 'string', help: 'SPDX identifier, for instance Apache-2.0' },
    publisher: { type: 'string', help: 'its exact name' }, deployable: { type: 'boolean', help: 'only what an engine of this installation runs' }, external: { type: 'boolean', help: 'only what needs an external engine' },
    pulled: { type: 'boolean', help: 'only what is on this installation' }, pull: { type: 'string', help: 'not_pulled, pulling, pulled or failed' },
    'max-size': { type: 'string', help: 'bytes to fetch at most' }, sort: { type: 'string', help: 'name, newest, size or parameters (smallest first)' },
  },
  examples: ['modelkeep models list', 'modelkeep models list qwen', 'modelkeep models list --task embeddings --deployable --sort size'],
  run: async (context) => {
    const result = await context.client.call(operations.listModels, { query: {
      search: context.args[0] ?? context.text('search'), task: context.choice('task', ['chat-completion', 'text-generation', 'embeddings'] as const), licence: context.text('licence'), publisher: context.text('publisher'),
      deployable: context.flag('deployable') ? 'true' : context.flag('external') ? 'false' : undefined, pull: context.flag('pulled') ? 'pulled' : context.choice('pull', ['not_pulled', 'pulling', 'pulled', 'failed'] as const), maxSize: context.number('max-size'),
      sort: context.choice('sort', ['name', 'newest', 'size', 'parameters'] as const),
    } });
    context.print(result, () => {
      if (result.data.length === 0) { line('No model matches. See them all: modelkeep models list'); return; }
      line(table(['NAME', 'TASK', 'PARAMETERS', 'LICENCE', 'SIZE', 'PULLED', 'PUBLISHER'], result.data.map((model) => [
        model.name, model.task, parameters(model.parameters), model.licence, model.size === undefined ? '–' : bytes(model.size), model.deployable ? pulled[model.pull] : 'external engine', printable(model.publisher),
      ])));
    });
  },
};

function describe(model: Model): void {
  const { manifest } = model;
  line(`${bold(printable(model.displayName))}  ${dim(`${model.name} ${model.version}`)}`);
  line(`${printable(model.summary)}\n`);
  const rows: [string, string][] = [
    ['publisher', printable(model.publisher)], ['task', model.task], ['licence', model.licence], ['parameters', model.parameters === undefined ? 'not stated' : count(model.parameters)],
    ['context', model.contextLength === undefined ? 'not stated' : `${count(model.contextLength)} tokens`], ['format', [model.format, manifest.quantisation].filter(Boolean).join(' ')],
    ['digest', model.digest], ['pulled', model.artifactDigest === null ? pulled[model.pull] || 'no' : `${model.artifactDigest} (${bytes(model.artifactSize ?? 0)}), pinned ${model.pinned === 'manifest' ? 'by the catalog' : 'on the first pull'}`],
    ['memory', memory(model)], ['homepage', manifest.homepage ?? '–'], ['retention', model.retention], ['versions', model.versions.map(({ version }) => version).join(', ')],
  ];
  for (const [name, value] of rows) line(`  ${dim(name.padEnd(11))} ${value}`);
  for (const file of manifest.files) {
    const { source } = file;
    const from = source.type === 'huggingface' ? `Hugging Face ${source.repository}@${source.revision}` : source.type === 'pypi' ? `Python wheel ${source.package} ${source.version}` : source.type === 'https' ? source.url : printable(source.path);
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

/** The manifest in a file, checked here too, so that its author reads which field is wrong and why. @throws CliError */
function readManifest(path: string): ModelManifest {
  let json: unknown;
  try { json = JSON.parse(readFileSync(path, 'utf8')); } catch { throw new CliError('unreadable_file', `${path} cannot be read as JSON.`, exitCodes.usage); }
  const manifest = ModelManifest.safeParse(json);
  if (manifest.success) return manifest.data;
  const issues = manifest.error.issues.map((issue) => `  ${issue.path.join('.') || 'manifest'}: ${issue.message}`);
  throw new CliError('invalid_manifest', `${path} is not a manifest:\n${issues.join('\n')}`, exitCodes.usage);
}

const importModel: Command = {
  summary: 'Import a model version from a manifest file (docs/catalog.md)', args: ['FILE'], examples: ['modelkeep models import my-model.json'],
  run: async (context) => {
    const model = await context.client.call(operations.importModel, { body: readManifest(context.args[0] ?? '') });
    context.print(model, () => line(`Imported ${bold(model.name)} ${model.version}  ${dim(model.digest)}\nPull it: modelkeep pull ${model.name}`));
  },
};

export const models: Record<string, Command> = { list, show, compare, import: importModel };
