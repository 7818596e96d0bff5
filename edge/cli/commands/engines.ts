import { resolve } from 'node:path';
import { operations } from '#contract/operations.ts';
import type { Engine } from '#contract/http/engines.ts';
import { RetentionNeed } from '#contract/retention.ts';
import type { Command } from '../command.ts';
import { bold, dim, line, mark, table } from '../terminal.ts';

function describe(engine: Engine): void {
  line(`${bold(engine.name)}  ${engine.url}`);
  const rows: [string, string | undefined][] = [['retention', engine.retention], ['model', engine.model], ['served as', engine.servedModel ?? engine.model], ['dialect', engine.dialect], ['credential', engine.credentialFile], ['authority', engine.caFile], ['certificate', engine.clientCertificateFile], ['key', engine.clientKeyFile]];
  for (const [name, value] of rows) if (value !== undefined) line(`  ${dim(name.padEnd(11))} ${value}`);
  line(dim('  a declared destination: prompts of its deployments go there; its isolation is the operator\'s word'));
}

const add: Command = {
  summary: 'Register an OpenAI-compatible server as the engine of a model', args: ['NAME'],
  options: {
    url: { type: 'string', help: 'base URL, with /v1' }, model: { type: 'string', help: 'catalog model that it serves' }, 'served-model': { type: 'string', help: 'its own name for the model, where that differs' },
    dialect: { type: 'string', help: 'openai, vllm or llama-server (openai)' }, 'credential-file': { type: 'string', help: 'file on the server with the bearer credential' }, 'ca-file': { type: 'string', help: 'PEM of the only authority to trust' },
    'client-certificate-file': { type: 'string', help: 'PEM of the client certificate' }, 'client-key-file': { type: 'string', help: 'PEM of its key' },
    retention: { type: 'string', help: 'what the server keeps of its requests (none; anything else is refused)' },
  },
  examples: ['modelkeep engines add my-vllm --url https://gpu1:8000/v1 --model qwen2.5-7b-instruct --dialect vllm --credential-file /etc/modelkeep/vllm.key'],
  run: async (context) => {
    const path = (name: string): string | undefined => { const value = context.text(name); return value === undefined ? undefined : resolve(value); };
    const optional = { servedModel: context.text('served-model'), dialect: context.choice('dialect', ['openai', 'vllm', 'llama-server'] as const), credentialFile: path('credential-file'), caFile: path('ca-file'), clientCertificateFile: path('client-certificate-file'), clientKeyFile: path('client-key-file'), retention: context.choice('retention', RetentionNeed.options) };
    const engine = await context.client.call(operations.addEngine, { body: { name: context.args[0] ?? '', url: context.required('url'), model: context.required('model'), ...optional } });
    context.print(engine, () => { line(`${mark(true)} engine ${engine.name}`); describe(engine); line(dim(`\nDeploy on it: modelkeep deploy ${engine.model} --serverless --name NAME --engine ${engine.name}`)); });
  },
};
const list: Command = {
  summary: 'List the external engines', examples: ['modelkeep engines list'],
  run: async (context) => {
    const result = await context.client.call(operations.listEngines);
    context.print(result, () => line(table(['NAME', 'MODEL', 'DIALECT', 'URL'], result.data.map((engine) => [engine.name, engine.model, engine.dialect, engine.url]))));
  },
};
const show: Command = {
  summary: 'Show an external engine', args: ['NAME'], examples: ['modelkeep engines show my-vllm'],
  run: async (context) => { const engine = await context.client.call(operations.showEngine, { params: { engine: context.args[0] ?? '' } }); context.print(engine, () => describe(engine)); },
};
const remove: Command = {
  summary: 'Remove an external engine that no deployment uses', args: ['NAME'], examples: ['modelkeep engines remove my-vllm'],
  run: async (context) => { const result = await context.client.call(operations.removeEngine, { params: { engine: context.args[0] ?? '' } }); context.print(result, () => line(`${mark(true)} ${context.args[0] ?? ''} is removed`)); },
};
export const engines: Record<string, Command> = { add, list, show, remove };
