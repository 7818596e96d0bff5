import { Filename } from '#contract/http/files.ts';
import type { FileObject } from '#contract/http/files.ts';
import { operations } from '#contract/operations.ts';
import type { Command } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { receiveFile } from '../files/receive-file.ts';
import { FileSink, StdoutSink } from '../files/sinks.ts';
import { bytes, line, mark, printable } from '../terminal.ts';
import { progressOf } from './upload-data.ts';

const interrupted = 130;

/** The name that its owner gave it, in the current folder. A hidden file is made on demand only: it could be a setting of a program. */
function ownName({ filename }: FileObject): string {
  if (filename.startsWith('.') || !Filename.safeParse(filename).success) throw new CliError('usage', `${printable(filename)} is no name to write to without being asked.`, exitCodes.usage, 'Say where: -o FILE');
  return filename;
}

export const download: Command = {
  summary: 'Download a file; an interrupted one goes on where it was', args: ['ID'],
  options: { output: { type: 'string', short: 'o', help: 'file to write, or - for standard output; its own name in the current folder unless given' }, force: { type: 'boolean', help: 'overwrite a file that is there' } },
  examples: ['modelkeep data download fil_…', 'modelkeep data download fil_… -o rows.jsonl --force', 'modelkeep data download fil_… -o - | wc -l'],
  run: async (context) => {
    const toStdout = context.text('output') === '-';
    if (toStdout && context.json) throw new CliError('usage', '--json has no place where the file itself is printed.', exitCodes.usage);
    const file = await context.client.call(operations.retrieveFile, { params: { file: context.args[0] ?? '' } });
    const path = toStdout ? '-' : context.text('output') ?? ownName(file);
    await using sink = toStdout ? undefined : new FileSink(context.client.server, file, path, context.flag('force'));
    await sink?.open();
    const target = sink ?? new StdoutSink();
    const progress = progressOf(context, printable(file.filename), toStdout || context.json);
    const leave = (): void => {
      progress?.end();
      if (sink && !context.json) line('Go on where it was: the same command again.');
      process.exit(interrupted);
    };
    process.on('SIGINT', leave);
    try {
      await receiveFile(context.client, file, target, () => progress?.show(target.at, file.bytes, 'downloading'), new AbortController().signal);
      await sink?.finish();
    } finally {
      process.off('SIGINT', leave);
      progress?.end();
    }
    if (sink) context.print({ id: file.id, file: path, bytes: file.bytes }, () => line(`${mark(true)} ${printable(path)}: ${bytes(file.bytes)}`));
  },
};
