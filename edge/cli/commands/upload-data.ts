import { FilePurpose, mostPartBytes } from '#contract/http/files.ts';
import type { FileObject } from '#contract/http/files.ts';
import type { Command, Context } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { sendFile } from '../files/send-file.ts';
import type { Teller } from '../files/send-file.ts';
import { UploadInParts } from '../files/send-in-parts.ts';
import { SourceFile } from '../files/source-file.ts';
import { bold, bytes, count, dim, line, mark, printable, Progress } from '../terminal.ts';

const interrupted = 130;
const mostParts = 10_000;

export const purposeOption = { type: 'string', help: `${FilePurpose.options.join(', ')} (fine-tune for *.jsonl, else user_data)` } as const;
export const purposeOf = (context: Context, path: string): FilePurpose => context.choice('purpose', FilePurpose.options) ?? (/\.jsonl$/i.test(path) ? 'fine-tune' : 'user_data');

/** A bar where people see it: with --json only on a terminal, and never among what a script reads. */
export function progressOf(context: Context, label: string, stdoutIsTaken = context.json): Progress | undefined {
  if (!stdoutIsTaken) return new Progress(label);
  return process.stderr.isTTY ? new Progress(label, process.stderr) : undefined;
}

function partBytesOf(context: Context, source: SourceFile): number {
  const size = context.number('part-size') ?? mostPartBytes;
  if (!Number.isInteger(size) || size < 1 || size > mostPartBytes || source.bytes / size > mostParts) {
    throw new CliError('usage', `--part-size is a number of bytes, at most ${mostPartBytes}, and at least so many that there are no more than ${mostParts} parts.`, exitCodes.usage);
  }
  return size;
}

export function describeStored(file: FileObject): string {
  const rows = file.rows === null ? '' : `, ${count(file.rows)} row${file.rows === 1 ? '' : 's'}`;
  return `${bold(file.id)}  ${bytes(file.bytes)}${rows}, for ${file.purpose}, in ${file.datastore} (${file.geography})`;
}

export const upload: Command = {
  summary: 'Upload a file: sealed in two layers while it arrives; a large one goes on where it was interrupted', args: ['FILE'],
  options: {
    purpose: purposeOption, datastore: { type: 'string', help: 'where it shall lie; the project\'s default unless given' }, restart: { type: 'boolean', help: 'forget what has arrived of an interrupted upload' },
    'part-size': { type: 'string', help: 'bytes of a part, at most and by default 64 MiB: larger files are sent in parts, and a broken connection costs one' },
  },
  examples: ['modelkeep data upload rows.jsonl', 'modelkeep data upload handbook.pdf --purpose user_data --datastore archive --json'],
  run: async (context) => {
    const [path = ''] = context.args;
    const purpose = purposeOf(context, path);
    await using source = await SourceFile.open(path);
    const partBytes = partBytesOf(context, source);
    const inParts = source.bytes > partBytes;
    const label = printable(source.name);
    const progress = progressOf(context, label);
    const say = (sentence: string): void => { if (!context.json) line(sentence); else if (process.stderr.isTTY) process.stderr.write(`${sentence}\n`); };
    const tell: Teller = {
      sent: (sent) => progress?.show(sent, source.bytes, 'uploading'), finishing: () => progress?.show(source.bytes, source.bytes, 'being checked and sealed'),
      note: (sentence) => { progress?.end(); say(sentence); },
    };
    const leave = (): void => {
      progress?.end();
      say(inParts ? 'What has arrived is kept for a day. Go on where it was: the same command again.' : 'Nothing of it is kept.');
      process.exit(interrupted);
    };
    process.on('SIGINT', leave);
    const placing = { purpose, datastore: context.text('datastore') };
    try {
      const file = inParts ? await new UploadInParts(context.client, source, { ...placing, partBytes, restart: context.flag('restart') }, tell).send() : await sendFile(context.client, source, placing, tell);
      progress?.end();
      context.print(file, () => line(`${mark(true)} ${label} is stored: ${describeStored(file)}${dim(file.storage === 'sealed' ? '\nsealed in two layers' : '')}`));
    } finally {
      process.off('SIGINT', leave);
      progress?.end();
    }
  },
};
