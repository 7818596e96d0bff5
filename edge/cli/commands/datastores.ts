import { resolve } from 'node:path';
import { Placement } from '#contract/http/datastores.ts';
import type { Datastore } from '#contract/http/datastores.ts';
import { operations } from '#contract/operations.ts';
import type { z } from 'zod';
import type { Command, Context } from '../command.ts';
import { confirm, yesOption } from '../confirm.ts';
import { credentialFileOption, credentialOf, s3Fields } from '../credential.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { checked } from '../settings.ts';
import { bytes, count, line, mark, printable, table } from '../terminal.ts';

const placeOf = ({ place }: Datastore): string => printable(place.kind === 's3' ? `s3 ${place.endpoint}/${place.bucket}/${place.prefix}` : place.path ?? 'this installation\'s disk');

const list: Command = {
  summary: 'List the datastores of the project', examples: ['modelkeep datastores list'],
  run: async (context) => {
    const result = await context.client.call(operations.listDatastores);
    context.print(result, () => line(table(['NAME', 'USE', 'GEOGRAPHY', 'FILES', 'SIZE', 'PLACE'], result.data.map((each) => [`${each.name}${each.default ? ' (default)' : ''}`, each.use, each.geography, count(each.files), bytes(each.bytes), placeOf(each)]))));
  },
};

function placeAsked(context: Context): z.output<typeof Placement> {
  const path = context.text('path');
  const endpoint = context.text('endpoint');
  if (path !== undefined && endpoint !== undefined) throw new CliError('usage', 'It is one of --path and --endpoint.', exitCodes.usage);
  if (endpoint === undefined) return checked(Placement, { kind: 'filesystem', path: path === undefined ? null : resolve(path) });
  return checked(Placement, { kind: 's3', endpoint, region: context.required('region'), bucket: context.required('bucket'), prefix: context.text('prefix') });
}

const add: Command = {
  summary: 'Add a datastore: an S3 bucket, or a folder of the server\'s; its credential goes to key custody and is never shown again', args: ['NAME'],
  options: {
    use: { type: 'string', help: 'sealed, for files that are uploaded (default), or designated, for data that is there already' }, geography: { type: 'string', help: 'the installation\'s own unless given' },
    path: { type: 'string', help: 'folder on the server, below one that its operator allows' }, endpoint: { type: 'string', help: 'address of an S3 service' }, region: { type: 'string', help: 'its region' }, bucket: { type: 'string', help: 'its bucket' },
    prefix: { type: 'string', help: 'what the names of all objects begin with' }, ...credentialFileOption,
  },
  examples: ['modelkeep datastores add lake --use designated --endpoint https://s3.example.org --region eu-1 --bucket training --credential-file s3.json', 'modelkeep datastores add papers --use designated --path /srv/papers'],
  run: async (context) => {
    const place = placeAsked(context);
    const credential = place.kind === 's3' ? await credentialOf(context, s3Fields) as { accessKeyId: string; secretAccessKey: string; sessionToken?: string } : undefined;
    const geography = context.text('geography');
    const result = await context.client.call(operations.createDatastore, { body: {
      name: context.args[0] ?? '', use: context.choice('use', ['sealed', 'designated']) ?? 'sealed', place, ...(geography === undefined ? {} : { geography }), ...(credential ? { credential } : {}),
    } });
    context.print(result, () => line(`${mark(true)} datastore ${result.name} (${result.geography}): ${placeOf(result)}`));
  },
};

const remove: Command = {
  summary: 'Remove a datastore that holds no files; its credential is destroyed', args: ['NAME'], options: yesOption, examples: ['modelkeep datastores remove lake'],
  run: async (context) => {
    const [datastore = ''] = context.args;
    await confirm(context, `Remove the datastore ${printable(datastore)}? Its credential is destroyed.`);
    const result = await context.client.call(operations.deleteDatastore, { params: { datastore } });
    context.print(result, () => line(`${mark(true)} ${datastore} is removed, and its credential destroyed`));
  },
};
export const datastores: Record<string, Command> = { list, add, remove };
