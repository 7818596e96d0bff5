import { failureCodes } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Deployment, Limits } from '#contract/http/deployments.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, count, dim, green, line, mark, red, table, yellow } from '../terminal.ts';

const list: Command = {
  summary: 'List the deployments of the project', examples: ['modelkeep deployments list --project research'],
  run: async (context) => {
    const result = await context.client.call(operations.listDeployments);
    context.print(result, () => {
      if (result.data.length === 0) { line('No deployments yet. Make one: modelkeep deploy MODEL --serverless --name NAME'); return; }
      line(table(['NAME', 'MODEL', 'ENGINE', 'STATE', 'ISOLATION', 'ENDPOINT'], result.data.map((each) => [each.name, each.model, each.engine ?? 'embedded', each.state, each.isolation?.tier ?? '–', each.baseUrl])));
    });
  },
};

const limitsLine = ({ concurrency, queue, requestsPerMinute, tokensPerMinute }: Limits): string => `${concurrency} at once, ${queue} waiting, ${requestsPerMinute || 'any'} requests and ${tokensPerMinute || 'any'} tokens a minute`;

const tiers = {
  bubblewrap: 'A: bubblewrap, and the launcher inside it', launcher: 'B: the launcher, with what this machine allows of namespaces',
  none: 'none: this worker can reach what its user can reach', external: 'an external engine: nothing is known but the operator\'s word',
};

function describe(deployment: Deployment): void {
  line(`${bold(deployment.name)}  ${deployment.state === 'ready' ? green(deployment.state) : deployment.state === 'failed' ? red(deployment.state) : yellow(deployment.state)}`);
  if (deployment.failure !== null) line(red(failureCodes[deployment.failure]));
  const rows: [string, string][] = [
    ['endpoint', deployment.baseUrl], ['model', `${deployment.model} ${deployment.modelVersion}`], ['digest', deployment.modelDigest], ['artifact', deployment.artifactDigest ?? 'of the external engine'],
    ['engine', deployment.engine ?? 'embedded'], ['context', deployment.contextLength === null ? 'of the external engine' : `${count(deployment.contextLength)} tokens`],
    ['region', `${deployment.region} (geography ${deployment.geography})`], ['asks for', deployment.isolationRequirement], ['retention', `${deployment.retention}: of prompts and outputs nothing is kept`],
    ['limits', limitsLine(deployment.limits)],
  ];
  for (const [name, value] of rows) line(`  ${dim(name.padEnd(9))} ${value}`);
  const profile = deployment.isolation;
  if (!profile) { line('\nIsolation: not probed yet'); return; }
  line(`\n${bold('Isolation')}  ${tiers[profile.tier]}  ${dim(`(${profile.claim})`)}`);
  const [first] = profile.findings;
  if (first) line(dim(`  probed from inside at ${first.probedAt}, before the model was loaded`));
  for (const finding of profile.findings) {
    const how = finding.status === 'enforced' ? `by ${finding.mechanisms.join(', ').replaceAll('_', ' ')}` : finding.status.replace('_', ' ');
    line(`  ${finding.status === 'enforced' ? mark(true) : finding.required ? mark(false) : yellow('–')} ${finding.guarantee.replaceAll('_', ' ').padEnd(26)} ${dim(how)}`);
  }
}

const show: Command = {
  summary: 'Show a deployment, its state and its isolation profile', args: ['NAME'], examples: ['modelkeep deployments show demo'],
  run: async (context) => {
    const deployment = await context.client.call(operations.showDeployment, { params: { deployment: context.args[0] ?? '' } });
    context.print(deployment, () => describe(deployment));
  },
};

const remove: Command = {
  summary: 'Delete a deployment; its keys stop working at once', args: ['NAME'], examples: ['modelkeep deployments delete demo'],
  run: async (context) => {
    const result = await context.client.call(operations.deleteDeployment, { params: { deployment: context.args[0] ?? '' } });
    context.print(result, () => line(`${mark(true)} ${context.args[0] ?? ''} is deleted${dim(`\nIts certificate: modelkeep ledger deletion ${result.id}`)}`));
  },
};

const limits: Command = {
  summary: 'Change limits of a deployment; what is not given stays', args: ['NAME'], options: {
    rpm: { type: 'string', help: 'requests per minute, 0 for no limit' }, tpm: { type: 'string', help: 'tokens per minute, 0 for no limit' }, concurrency: { type: 'string', help: 'requests worked on at once' },
    queue: { type: 'string', help: 'requests that may wait' }, 'queue-timeout': { type: 'string', help: 'longest wait, in milliseconds' },
  }, examples: ['modelkeep deployments limits demo --rpm 600', 'modelkeep deployments limits demo --concurrency 8 --queue 32'],
  run: async (context) => {
    const asked = { requestsPerMinute: context.number('rpm'), tokensPerMinute: context.number('tpm'), concurrency: context.number('concurrency'), queue: context.number('queue'), queueTimeoutMs: context.number('queue-timeout') };
    if (Object.values(asked).every((value) => value === undefined)) throw new CliError('usage', 'Say which limit: --rpm, --tpm, --concurrency, --queue, --queue-timeout.', exitCodes.usage);
    const result = await context.client.call(operations.setLimits, { params: { deployment: context.args[0] ?? '' }, body: asked });
    context.print(result, () => line(`${mark(true)} ${result.name}: ${limitsLine(result.limits)}`));
  },
};

export const deployments: Record<string, Command> = { list, show, limits, delete: remove };
