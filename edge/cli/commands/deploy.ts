import { setTimeout as sleep } from 'node:timers/promises';
import { failureCodes } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Deployment } from '#contract/http/deployments.ts';
import { authorityFile } from '../authority.ts';
import type { Client, Input } from '../client.ts';
import type { Command, Context } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, dim, line, mark, Spinner } from '../terminal.ts';

type Creation = NonNullable<Input<typeof operations.createDeployment>['body']>;
const isolation = ['required', 'best-effort', 'operator-asserted'] as const;

/** Waits until a deployment is ready or has failed; `limitMs` at most. @throws CliError timed_out */
export async function followDeployment(client: Client, name: string, quiet: boolean, limitMs = 300_000): Promise<Deployment> {
  const spinner = new Spinner(`starting ${name}`);
  const deadline = Date.now() + limitMs;
  try {
    for (;;) {
      const deployment = await client.callPatiently(operations.showDeployment, { params: { deployment: name } });
      if (deployment.state !== 'starting') return deployment;
      if (Date.now() > deadline) throw new CliError('timed_out', `${name} is still starting.`, exitCodes.timedOut, `Look again: modelkeep deployments show ${name}`);
      if (!quiet) spinner.turn();
      await sleep(100);
    }
  } finally { spinner.end(); }
}

/** A request that works as it stands. `authority`: path of the PEM that the endpoint's certificate needs. */
export function curlLine(deployment: Pick<Deployment, 'name' | 'baseUrl' | 'task'>, key: string, authority?: string): string {
  const [path, body] = deployment.task === 'embeddings' ? ['embeddings', { model: deployment.name, input: 'Hello' }]
    : ['chat/completions', { model: deployment.name, stream: true, messages: [{ role: 'user', content: 'Hello!' }] }];
  const quoted = authority === undefined ? '' : ` --cacert '${authority.replaceAll('\'', '\'\\\'\'')}'`;
  return `curl -N${quoted} ${deployment.baseUrl}/${path} -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;
}

export const failedDeployment = ({ name, failure }: Deployment): CliError => new CliError(failure ?? 'deployment_failed', failureCodes[failure ?? 'unexpected'], exitCodes.failed,
  `See: modelkeep deployments show ${name}     remove it: modelkeep deployments delete ${name}`);

const given = <T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };

function creation(context: Context): Creation {
  const limits = { requestsPerMinute: context.number('rpm'), tokensPerMinute: context.number('tpm'), concurrency: context.number('concurrency'), queue: context.number('queue'), queueTimeoutMs: context.number('queue-timeout') };
  const optional = { version: context.text('version'), engine: context.text('engine'), isolation: context.choice('isolation', isolation), contextLength: context.number('context') };
  return { name: context.required('name'), model: context.args[0] ?? '', kind: 'serverless', limits: given(limits), ...given(optional) };
}

async function create(context: Context): Promise<Deployment & { primaryKey: string; secondaryKey: string }> {
  const body = creation(context);
  try { return await context.client.call(operations.createDeployment, { body }); } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'model_not_pulled') throw error;
    throw new CliError(error.code, `${body.model} is not on this installation yet.`, error.exitCode, `Pull it first: modelkeep pull ${body.model}`);
  }
}

/** One document, whatever happens after the creation: the keys in it are shown only now. */
async function deployForScript(context: Context): Promise<void> {
  const created = await create(context);
  const print = (document: object): void => context.print(document, () => undefined);
  if (context.flag('no-wait')) { print(created); return; }
  try {
    const deployment = await followDeployment(context.client, created.name, true);
    print({ ...created, ...deployment });
    if (deployment.state === 'failed') process.exitCode = exitCodes.failed;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    print({ ...created, error: { code: error.code, message: error.message, next: error.next } });
    process.exitCode = error.exitCode;
  }
}

async function deployForPerson(context: Context): Promise<void> {
  const created = await create(context);
  // Before the wait, so that an interrupted one loses no key.
  line(`${mark(true)} ${bold(created.name)} is created\n`);
  line(`  ${dim('endpoint ')}  ${created.baseUrl}   ${dim(`model: ${created.name}`)}`);
  line(`  ${dim('primary  ')}  ${created.primaryKey}`);
  line(`  ${dim('secondary')}  ${created.secondaryKey}`);
  line(`  ${dim('The keys are shown only now.')}\n`);
  if (!context.flag('no-wait')) {
    const deployment = await followDeployment(context.client, created.name, false);
    if (deployment.state === 'failed') throw failedDeployment(deployment);
    line(`${mark(true)} ${bold(created.name)} is ready\n`);
  }
  line(`${curlLine(created, created.primaryKey, await authorityFile(context.client.connection, context.data))}\n`);
  const next = created.task === 'embeddings' ? [] : [`modelkeep chat ${created.name}`];
  line(dim([...next, `modelkeep deployments show ${created.name}`].join('      ')));
}

export const deploy: Command = {
  summary: 'Deploy a model as a serverless API: an endpoint and two keys, shown once', args: ['MODEL'],
  options: {
    serverless: { type: 'boolean', help: 'as a serverless API (the only kind so far)' }, name: { type: 'string', help: 'name of the deployment: what SDKs call the model' },
    version: { type: 'string', help: 'model version; the newest unless given' }, engine: { type: 'string', help: 'an external engine (modelkeep engines) instead of the embedded one' },
    isolation: { type: 'string', help: `${isolation.join(', ')} (required)` }, context: { type: 'string', help: 'tokens of context per request' },
    rpm: { type: 'string', help: 'requests per minute, 0 for no limit' }, tpm: { type: 'string', help: 'tokens per minute, 0 for no limit' }, concurrency: { type: 'string', help: 'requests worked on at once (64)' },
    queue: { type: 'string', help: 'requests that may wait (256)' }, 'queue-timeout': { type: 'string', help: 'longest wait, in milliseconds (60000)' }, 'no-wait': { type: 'boolean', help: 'do not wait until it is ready' },
  },
  examples: ['modelkeep deploy smollm2-135m-instruct --serverless --name demo', 'modelkeep deploy qwen2.5-7b-instruct --serverless --name big --engine my-vllm'],
  run: async (context) => {
    if (!context.flag('serverless')) throw new CliError('usage', 'Say how: --serverless.', exitCodes.usage);
    await (context.json ? deployForScript(context) : deployForPerson(context));
  },
};
