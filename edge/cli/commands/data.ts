import { FilePurpose } from '#contract/http/files.ts';
import type { FileObject } from '#contract/http/files.ts';
import { operations } from '#contract/operations.ts';
import { patienceForFiles } from '../client.ts';
import type { Command } from '../command.ts';
import { bold, bytes, count, dim, line, mark, printable, table } from '../terminal.ts';
import { remove } from './delete-data.ts';
import { download } from './download-data.ts';
import { describeStored, purposeOf, purposeOption, upload } from './upload-data.ts';

const dateOf = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const list: Command = {
  summary: 'List the files of the project, newest first', options: {
    purpose: { type: 'string', help: FilePurpose.options.join(', ') }, limit: { type: 'string', help: 'at most so many, 10,000 at the most' }, after: { type: 'string', help: 'older than the file with this id' },
  },
  examples: ['modelkeep data list', 'modelkeep data list --purpose fine-tune --json'],
  run: async (context) => {
    const result = await context.client.call(operations.listFiles, { query: { purpose: context.choice('purpose', FilePurpose.options), limit: context.number('limit'), after: context.text('after') } });
    context.print(result, () => {
      if (result.data.length === 0) { line('No files. Upload one: modelkeep data upload FILE'); return; }
      line(table(['ID', 'PURPOSE', 'ROWS', 'SIZE', 'DATASTORE', 'CREATED', 'NAME'], result.data.map((file) => [
        file.id, file.purpose, file.rows === null ? '' : count(file.rows), bytes(file.bytes), file.storage === 'designated' ? `${file.datastore} (designated)` : file.datastore, dateOf(file.created_at), printable(file.filename),
      ])));
      if (result.has_more) line(dim(`\nThere are more: --after ${result.last_id ?? ''}`));
    });
  },
};

const storageWords: Record<FileObject['storage'], string> = { sealed: 'sealed in two layers', designated: 'where its owner has it; read there, never copied' };

const show: Command = {
  summary: 'Show what is known of a file: never what stands in it', args: ['ID'], examples: ['modelkeep data show fil_…'],
  run: async (context) => {
    const file = await context.client.call(operations.retrieveFile, { params: { file: context.args[0] ?? '' } });
    context.print(file, () => {
      line(`${bold(printable(file.filename))}  ${dim(file.id)}`);
      const rows: [string, string][] = [
        ['size', `${bytes(file.bytes)} (${count(file.bytes)} bytes)`], ['rows', file.rows === null ? 'not checked' : `${count(file.rows)}, each checked`], ['purpose', file.purpose], ['state', file.status],
        ['datastore', `${file.datastore} (geography ${file.geography})`], ['storage', storageWords[file.storage]], ['created', `${dateOf(file.created_at)} by ${printable(file.created_by)}`],
        ['expires', file.expires_at === null ? 'never' : dateOf(file.expires_at)],
      ];
      for (const [name, value] of rows) line(`  ${dim(name.padEnd(9))} ${value}`);
    });
  },
};

const designate: Command = {
  summary: 'Name data that lies in a datastore already as a file, without copying it', args: ['DATASTORE', 'PATH'],
  options: { purpose: purposeOption, copy: { type: 'boolean', help: 'seal a copy instead of reading it where it lies' } },
  examples: ['modelkeep data designate lake training/rows.jsonl --purpose fine-tune', 'modelkeep data designate lake handbook.pdf --purpose user_data --copy'],
  run: async (context) => {
    const [datastore = '', path = ''] = context.args;
    const file = await context.client.call(operations.designateFile, { params: { datastore }, body: { path, purpose: purposeOf(context, path), copy: context.flag('copy') } }, {}, patienceForFiles);
    context.print(file, () => line(`${mark(true)} ${printable(file.filename)} is ${file.storage === 'sealed' ? 'copied and sealed' : 'designated where it lies'}: ${describeStored(file)}`));
  },
};

export const data: Record<string, Command> = { upload, list, show, download, delete: remove, designate };
