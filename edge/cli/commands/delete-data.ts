import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { DeletionStatement } from '#contract/deletion.ts';
import { operations } from '#contract/operations.ts';
import type { ResponseOf } from '#contract/operation.ts';
import { passes } from '../client.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { confirm, yesOption } from '../confirm.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bold, dim, line, mark, printable, table } from '../terminal.ts';

type Certificate = ResponseOf<typeof operations.showDeletion>;
/** Longest wait for a certificate to be published, in milliseconds. */
const patience = 20_000;

async function certificateOf(client: Client, object: string): Promise<Certificate> {
  for (const deadline = Date.now() + patience; ; await sleep(300)) {
    try { return await client.call(operations.showDeletion, { params: { object } }); } catch (error) {
      if (!(passes(error) || (error instanceof CliError && error.code === 'deletion_not_found')) || Date.now() > deadline) throw error;
    }
  }
}

/** Before the deletion, since there is no way back from it. @throws CliError unwritable_file */
function checkWritable(path: string): void {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true) { accessSync(found ? path : dirname(path), constants.W_OK); return; }
  } catch { /* told below */ }
  throw new CliError('unwritable_file', `${path} cannot be written. Nothing was deleted.`, exitCodes.usage);
}

const spelled = (outcome = '–'): string => outcome.replaceAll('_', ' ');

function describe(certificate: Certificate): void {
  const { statement } = certificate.entry.opening.facts;
  if (typeof statement !== 'string') return;
  // The server has checked the shape; a newer server may say more.
  const { copies, kept, outOfReach = [] } = JSON.parse(statement) as DeletionStatement;
  line(`\n${bold('What was tried')}`);
  line(table(['COPY', 'PLACE', 'BEFORE', 'AFTER', 'OUTCOME'], copies.map(({ copy, place, before, after, outcome }) => [printable(copy), printable(place), spelled(before), spelled(after), spelled(outcome)])));
  for (const [title, entries] of [['What is kept', kept], ['What is out of reach', outOfReach]] as const) {
    if (entries.length > 0) line(`\n${bold(title)}\n${entries.map(({ what, why }) => `  ${printable(what)}: ${printable(why)}`).join('\n')}`);
  }
}

export const remove: Command = {
  summary: 'Delete a file: its keys are destroyed, its bytes erased, and a certificate says what was tried', args: ['ID'],
  options: { ...yesOption, certificate: { type: 'string', help: 'file to write the certificate to' } },
  examples: ['modelkeep data delete fil_…', 'modelkeep data delete fil_… --yes --certificate deletion.json', 'npx modelkeep-verify deletion deletion.json'],
  run: async (context) => {
    const [id = ''] = context.args;
    const output = context.text('certificate');
    if (output !== undefined) checkWritable(output);
    await confirm(context, `Delete ${printable(id)}? Nobody can bring it back.`);
    const { id: object, deleted } = await context.client.call(operations.deleteFile, { params: { file: id } });
    const certificate = await certificateOf(context.client, object).catch((error: unknown) => {
      if (output === undefined) return null;
      throw error instanceof CliError ? new CliError(error.code, `The file is deleted, and its certificate is not there yet: ${error.message}`, error.exitCode, `Get it later: modelkeep ledger deletion ${object} -o ${output}`) : error;
    });
    if (output !== undefined) writeFileSync(output, `${canonicalJson(certificate)}\n`, { mode: 0o600 });
    context.print({ id: object, deleted, certificate }, () => {
      line(`${mark(true)} ${object} is deleted`);
      if (certificate) describe(certificate);
      line(dim(output === undefined ? `\nIts certificate: modelkeep ledger deletion ${object} -o FILE` : `\n${output} is the certificate. Check it: npx modelkeep-verify deletion ${output}`));
    });
  },
};
