/** The first minutes of an installation: a real model is pulled, deployed and asked, over the same public endpoint that everyone uses. */
import { operations } from '#contract/operations.ts';
import type { Deployment } from '#contract/http/deployments.ts';
import { authorityFile } from '../authority.ts';
import type { Client } from '../client.ts';
import type { Command, Context } from '../command.ts';
import { dataFolder } from '../environment.ts';
import { CliError } from '../exit-codes.ts';
import { ask } from '../starter/ask.ts';
import { unfinished } from '../starter/unfinished.ts';
import type { Unfinished } from '../starter/unfinished.ts';
import { whatElse, whatNext } from '../starter/what-next.ts';
import type { Keys } from '../starter/what-next.ts';
import { bold, bytes, dim, line, mark, yellow } from '../terminal.ts';
import { failedDeployment, followDeployment } from './deploy.ts';
import { owner } from './studio.ts';
import { failedPull, followPull } from './pull.ts';

const model = 'smollm2-135m-instruct';
const name = 'starter';

async function find(client: Client): Promise<Deployment | undefined> {
  try { return await client.callPatiently(operations.showDeployment, { params: { deployment: name } }); } catch (error) {
    if (error instanceof CliError && error.code === 'deployment_not_found') return undefined;
    throw error;
  }
}

async function pullAndDeploy(client: Client, unseen: Unfinished): Promise<Keys> {
  const { displayName, licence, size } = await client.call(operations.showModel, { params: { model }, query: {} });
  line(`\nA first model: ${bold(displayName)} ${dim(`(${[licence, ...(size === undefined ? [] : [bytes(size)])].join(', ')})`)}`);
  const pull = await followPull(client, model, undefined, false, 'The pull goes on at the next start.');
  if (pull.state === 'failed') throw failedPull(pull);
  line(`${mark(true)} pulled and verified, ${pull.pinned === 'first_pull' ? 'pinned on this first pull' : 'pinned by the catalog'}`);
  unseen.begin();
  const { primaryKey: primary, secondaryKey: secondary } = await client.call(operations.createDeployment, { body: { name, model, kind: 'serverless' } });
  return { primary, secondary };
}

/** New keys in the place of those that an interrupted starter never showed. */
async function replaceKeys(client: Client): Promise<Keys> {
  line(dim('\nThe last start was interrupted before it showed the keys of its deployment: they are replaced by new ones.'));
  const regenerate = async (slot: 'primary' | 'secondary'): Promise<string> => (await client.call(operations.regenerateKey, { params: { deployment: name, slot } })).key;
  return { primary: await regenerate('primary'), secondary: await regenerate('secondary') };
}

/** Waits for the deployment, asks it, and shows the keys, whatever became of the question. */
async function present(context: Context, keys: Keys): Promise<void> {
  const deployment = await followDeployment(context.client, name, false);
  if (deployment.state === 'failed') throw failedDeployment(deployment);
  const findings = deployment.isolation?.findings ?? [];
  const enforced = findings.filter((finding) => finding.status === 'enforced').length;
  line(`${mark(true)} deployed as ${bold(name)} in a sandboxed worker ${dim(`(${enforced} of ${findings.length} guarantees enforced, probed from inside)`)}`);
  const authority = await authorityFile(context.client.connection, context.data);
  try { await ask(deployment, keys.primary, authority); } catch (error) {
    if (!(error instanceof CliError)) throw error;
    line(`${mark(false)} ${error.message}\n`);
  }
  whatNext(deployment, keys, authority);
}

const signs: Record<Deployment['state'], string> = { ready: mark(true), starting: yellow('–'), failed: mark(false) };

async function presentRunning(context: Context): Promise<void> {
  // After a start of the installation its workers start, too.
  const starter = await followDeployment(context.client, name, false);
  const { data } = await context.client.call(operations.listDeployments);
  line('\nRunning:');
  for (const each of data) line(`  ${signs[each.state]} ${each.name.padEnd(16)} ${each.model}  ${dim(each.state)}`);
  line();
  whatNext(starter, undefined, await authorityFile(context.client.connection, context.data));
}

async function start(context: Context, unseen: Unfinished): Promise<void> {
  const existing = await find(context.client);
  if (existing && !unseen.found()) { await presentRunning(context); return; }
  const keys = existing ? await replaceKeys(context.client) : await pullAndDeploy(context.client, unseen);
  await present(context, keys);
  unseen.end();
}

/** Its own line, so that nobody takes it for one of the endpoint's: it is a way in. */
async function presentStudio(context: Context): Promise<void> {
  const { url } = await context.client.callPatiently(operations.createSignInLink, { body: { account: owner } }).catch((error: unknown) => {
    if (error instanceof CliError) return { url: undefined };
    throw error;
  });
  if (url === undefined) { line(`\n${bold('Studio')}     ${dim('a link that opens it: npx modelkeep studio')}`); return; }
  line(`\n${bold('Studio')}     ${url}   ${dim('(works once, for 15 minutes; another: npx modelkeep studio)')}`);
}

export const starter: Command = {
  summary: 'Pull, deploy and try a first model', examples: ['modelkeep starter'],
  run: async (context) => {
    try { await start(context, unfinished(dataFolder(context.data))); } catch (error) {
      if (!(error instanceof CliError)) throw error;
      line(`\n${bold('The first model is not ready:')} ${error.message}`);
      if (error.next !== undefined) line(error.next);
      whatElse(model);
    }
    await presentStudio(context);
  },
};
