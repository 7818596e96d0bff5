import { setTimeout as sleep } from 'node:timers/promises';
import { failureCodes } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Pull } from '#contract/http/pulls.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { CliError } from '../exit-codes.ts';
import { bold, bytes, dim, line, mark, Progress } from '../terminal.ts';

const words: Record<Pull['state'], string> = { queued: 'waiting', fetching: 'fetching', verifying: 'verifying', converting: 'converting', done: 'done', failed: 'failed' };

/** Starts a pull, or follows the one under way, until it ends. */
export async function followPull(client: Client, model: string, version: string | undefined, quiet: boolean): Promise<Pull> {
  let pull: Pull = await client.call(operations.startPull, { params: { model }, body: version === undefined ? {} : { version } });
  const progress = new Progress(model);
  const leave = (): void => { progress.end(); line('The pull goes on in the server. Follow it again with the same command.'); process.exit(130); };
  if (!quiet) process.once('SIGINT', leave);
  while (pull.state !== 'done' && pull.state !== 'failed') {
    if (!quiet) progress.show(pull.receivedBytes, pull.totalBytes, words[pull.state]);
    await sleep(200);
    pull = await client.call(operations.showPull, { params: { pull: pull.id } });
  }
  process.off('SIGINT', leave);
  progress.end();
  return pull;
}

export const failedPull = (pull: Pull): CliError => {
  const code = pull.failure ?? 'unexpected';
  return new CliError(code, failureCodes[code], 1, code === 'pip_missing' ? 'Install it (apt-get install python3-pip), or import the model from another source: modelkeep models import FILE' : `Try again, it goes on where it stopped: modelkeep pull ${pull.model}`);
};

export const pull: Command = {
  summary: 'Fetch a model, verify it, and make it ready to deploy', args: ['MODEL'], options: { version: { type: 'string', help: 'a version; the newest unless given' } },
  examples: ['modelkeep pull smollm2-135m-instruct'],
  run: async (context) => {
    const result = await followPull(context.client, context.args[0] ?? '', context.text('version'), context.json);
    if (result.state === 'failed') throw failedPull(result);
    context.print(result, () => line(`${mark(true)} ${bold(result.model)} is here: ${bytes(result.receivedBytes)}, verified ${result.pinned === 'first_pull' ? 'and pinned on this first pull' : 'against the catalog\'s pin'}\n${dim(`Deploy it: modelkeep deploy ${result.model} --serverless --name NAME`)}`));
  },
};
