import { setTimeout as sleep } from 'node:timers/promises';
import { failureCodes } from '#contract/error-codes.ts';
import type { FailureCode } from '#contract/error-codes.ts';
import { operations } from '#contract/operations.ts';
import type { Pull } from '#contract/http/pulls.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, bytes, dim, line, mark, Progress } from '../terminal.ts';

const words: Record<Pull['state'], string> = { queued: 'waiting', fetching: 'fetching', verifying: 'verifying', converting: 'converting', done: 'done', failed: 'failed' };
const pins = { manifest: 'pinned by the catalog', first_pull: 'pinned on this first pull' };

/** Starts a pull, or follows the one under way, until it ends. `farewell`: what Ctrl-C says; it leaves the pull to the server. */
export async function followPull(client: Client, model: string, version: string | undefined, quiet: boolean, farewell = 'The pull goes on in the server. Follow it again with the same command.'): Promise<Pull> {
  let pull: Pull = await client.call(operations.startPull, { params: { model }, body: version === undefined ? {} : { version } });
  const progress = new Progress(model);
  const leave = (): void => {
    progress.end();
    line(farewell);
    process.exit(130);
  };
  if (!quiet) process.on('SIGINT', leave);
  try {
    while (pull.state !== 'done' && pull.state !== 'failed') {
      if (!quiet) progress.show(pull.receivedBytes, pull.totalBytes, words[pull.state]);
      await sleep(200);
      pull = await client.callPatiently(operations.showPull, { params: { pull: pull.id } });
    }
  } finally {
    process.off('SIGINT', leave);
    progress.end();
  }
  return pull;
}

/** The failures that trying again does not mend, and what does. */
const remedies: Partial<Record<FailureCode, string>> = {
  pip_missing: 'Install it (apt-get install python3-pip), or import the model from another source: modelkeep models import FILE',
  source_refused: 'Accept the licence at the source, and name the credential when you start: HF_TOKEN_FILE=FILE modelkeep up',
  checksum_mismatch: 'The source has changed the file. See what the catalog names: modelkeep models show MODEL',
  disk_full: 'Make room, then pull again; it goes on where it stopped.',
  format_unsupported: 'Serve it with an engine of your own: modelkeep engines add --help',
};

export function failedPull(pull: Pull): CliError {
  const code = pull.failure ?? 'unexpected';
  return new CliError(code, failureCodes[code], exitCodes.failed, (remedies[code] ?? 'Try again, it goes on where it stopped: modelkeep pull MODEL').replace('MODEL', pull.model));
}

export const pull: Command = {
  summary: 'Fetch a model, verify it, and make it ready to deploy', args: ['MODEL'], options: { version: { type: 'string', help: 'a version; the newest unless given' } },
  examples: ['modelkeep pull smollm2-135m-instruct'],
  run: async (context) => {
    const result = await followPull(context.client, context.args[0] ?? '', context.text('version'), context.json);
    if (result.state === 'failed') throw failedPull(result);
    context.print(result, () => {
      line(`${mark(true)} ${bold(result.model)} is here: ${bytes(result.receivedBytes)}, verified, ${pins[result.pinned ?? 'manifest']}`);
      line(dim(`Deploy it: modelkeep deploy ${result.model} --serverless --name NAME`));
    });
  },
};
