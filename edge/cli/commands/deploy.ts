import { setTimeout as sleep } from 'node:timers/promises';
import { failureCodes } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Deployment } from '#contract/http/deployments.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, dim, line, mark, Spinner } from '../terminal.ts';

/** Waits until a deployment is ready or has failed; `limitMs` at most. */
export async function followDeployment(client: Client, name: string, quiet: boolean, limitMs = 300_000): Promise<Deployment> {
  const spinner = new Spinner(`starting ${name}`);
  const deadline = Date.now() + limitMs;
  try {
    for (;;) {
      const deployment = await client.call(operations.showDeployment, { params: { deployment: name } });
      if (deployment.state !== 'starting') return deployment;
      if (Date.now() > deadline) throw new CliError('timed_out', `${name} is still starting.`, exitCodes.timedOut, `Look again: modelkeep deployments show ${name}`);
      if (!quiet) spinner.turn();
      await sleep(100);
    }
  } finally { spinner.end(); }
}

export const curlLine = (deployment: Pick<Deployment, 'name' | 'baseUrl' | 'task'>, key: string): string => (deployment.task === 'embeddings'
  ? `curl ${deployment.baseUrl}/embeddings -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"model":"${deployment.name}","input":"Hello"}'`
  : `curl -N ${deployment.baseUrl}/chat/completions -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' -d '{"model":"${deployment.name}","stream":true,"messages":[{"role":"user","content":"Hello!"}]}'`);

const isolation = ['required', 'best-effort', 'operator-asserted'] as const;

export const deploy: Command = {
  summary: 'Deploy a model as a serverless API: an endpoint and two keys, shown once', args: ['MODEL'],
  options: {
    serverless: { type: 'boolean', help: 'as a serverless API (the only kind so far)' }, name: { type: 'string', help: 'name of the deployment: what SDKs call the model' },
    version: { type: 'string', help: 'model version; the newest unless given' }, engine: { type: 'string', help: 'an external engine (modelkeep engines) instead of the embedded one' },
    isolation: { type: 'string', help: `${isolation.join(', ')} (required)` }, context: { type: 'string', help: 'tokens of context per request' },
    rpm: { type: 'string', help: 'requests per minute, 0 for no limit' }, tpm: { type: 'string', help: 'tokens per minute, 0 for no limit' }, concurrency: { type: 'string', help: 'requests worked on at once (64)' },
    queue: { type: 'string', help: 'requests that may wait (256)' }, 'no-wait': { type: 'boolean', help: 'do not wait until it is ready' },
  },
  examples: ['modelkeep deploy smollm2-135m-instruct --serverless --name demo', 'modelkeep deploy qwen2.5-7b-instruct --serverless --name big --engine my-vllm'],
  run: async (context) => {
    if (!context.flag('serverless')) throw new CliError('usage', 'Say how: --serverless.', exitCodes.usage);
    const limits = { requestsPerMinute: context.number('rpm'), tokensPerMinute: context.number('tpm'), concurrency: context.number('concurrency'), queue: context.number('queue') };
    const optional = { version: context.text('version'), engine: context.text('engine'), isolation: context.choice('isolation', isolation), contextLength: context.number('context') };
    const given = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
    const created = await context.client.call(operations.createDeployment, { body: { name: context.required('name'), model: context.args[0] ?? '', kind: 'serverless', limits: given(limits), ...given(optional) } })
      .catch((error: unknown) => { throw error instanceof CliError && error.code === 'model_not_pulled' ? new CliError(error.code, `${context.args[0] ?? ''} is not on this installation yet.`, error.exitCode, `Pull it first: modelkeep pull ${context.args[0] ?? ''}`) : error; });
    const deployment = context.flag('no-wait') ? created : { ...created, ...await followDeployment(context.client, created.name, context.json) };
    if (deployment.state === 'failed' && !context.json) {
      throw new CliError(deployment.failure ?? 'deployment_failed', failureCodes[deployment.failure ?? 'unexpected'], exitCodes.failed, `See: modelkeep deployments show ${created.name}     remove it: modelkeep deployments delete ${created.name}`);
    }
    context.print(deployment, () => {
      line(`${mark(deployment.state === 'ready')} ${bold(deployment.name)} ${deployment.state === 'ready' ? 'is ready' : 'is starting'}\n`);
      line(`  ${dim('endpoint ')}  ${deployment.baseUrl}   ${dim(`model: ${deployment.name}`)}`);
      line(`  ${dim('primary  ')}  ${created.primaryKey}`);
      line(`  ${dim('secondary')}  ${created.secondaryKey}\n`);
      line(dim('The keys are shown only now.'));
      line(`\n${curlLine(deployment, created.primaryKey)}\n`);
      line(dim(deployment.task === 'embeddings' ? `modelkeep deployments show ${deployment.name}` : `modelkeep chat ${deployment.name}      modelkeep deployments show ${deployment.name}`));
    });
    if (deployment.state === 'failed') process.exitCode = exitCodes.failed;
  },
};
