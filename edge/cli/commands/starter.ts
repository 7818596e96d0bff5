/** The first minutes of an installation: a real model is pulled, deployed and asked, over the same public endpoint that everyone uses. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { operations } from '#contract/operations.ts';
import { dataLayout } from '#contract/installation.ts';
import type { Deployment } from '#contract/http/deployments.ts';
import { failureCodes } from '#contract/error-codes.ts';
import { readAnswer } from '../answer-stream.ts';
import { serverError } from '../client.ts';
import type { Client } from '../client.ts';
import type { Command, Context } from '../command.ts';
import { dataFolder } from '../environment.ts';
import { CliError } from '../exit-codes.ts';
import { bold, dim, line, mark } from '../terminal.ts';
import { curlLine, followDeployment } from './deploy.ts';
import { failedPull, followPull } from './pull.ts';

const model = 'smollm2-135m-instruct';
const name = 'starter';
const question = 'Name three primary colours.';

async function find(client: Client): Promise<Deployment | undefined> {
  try { return await client.call(operations.showDeployment, { params: { deployment: name } }); } catch (error) {
    if (error instanceof CliError && error.code === 'deployment_not_found') return undefined;
    throw error;
  }
}

/** Asks as any client would: the public address, the key, TLS with the installation's authority. */
async function ask(context: Context, deployment: Deployment, key: string): Promise<void> {
  let ca: string | undefined;
  try { ca = readFileSync(join(dataFolder(context.data), dataLayout.authority), 'utf8'); } catch { /* then the system's own authorities */ }
  line(`\n${bold('›')} ${question}`);
  const answer = await request(`${deployment.baseUrl}/chat/completions`, {
    method: 'POST', dispatcher: new Agent({ connect: ca === undefined ? {} : { ca } }), headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: name, stream: true, temperature: 0, max_tokens: 80, messages: [{ role: 'user', content: question }] }),
  });
  if (answer.statusCode !== 200) throw serverError(answer.statusCode, await answer.body.text());
  await readAnswer(answer.body, (text) => process.stdout.write(text));
  line('\n');
}

function whatNext(deployment: Deployment, keys: { primary: string; secondary: string } | undefined): void {
  const key = keys?.primary ?? 'KEY';
  line(`${bold('Endpoint')}   ${deployment.baseUrl}    model: ${name}`);
  if (keys) line(`${bold('Keys')}       ${keys.primary}\n           ${keys.secondary}\n           ${dim('shown only now; replace one with: npx modelkeep keys regenerate starter primary')}`);
  line(`\n${bold('Try it')}\n${curlLine(deployment, key)}`);
  line(`\n${bold('JavaScript')}\nimport OpenAI from 'openai';\nconst client = new OpenAI({ baseURL: '${deployment.baseUrl}', apiKey: '${key}' });`);
  line(`const answer = await client.chat.completions.create({ model: '${name}', messages: [{ role: 'user', content: 'Hello!' }] });\nconsole.log(answer.choices[0].message.content);`);
  line(`\n${bold('In another terminal')}\n  npx modelkeep chat ${name}\n  npx modelkeep deployments show ${name}\n  npx modelkeep models list\n  npx modelkeep help`);
}

async function first(context: Context): Promise<void> {
  const { client } = context;
  line(`\nA first model: ${bold('SmolLM2-135M-Instruct')} ${dim('(Apache-2.0, 98 MB)')}`);
  const pull = await followPull(client, model, undefined, false);
  if (pull.state === 'failed') throw failedPull(pull);
  line(`${mark(true)} pulled and verified`);
  const created = await client.call(operations.createDeployment, { body: { name, model, kind: 'serverless' } });
  await show(context, created, { primary: created.primaryKey, secondary: created.secondaryKey });
}

async function show(context: Context, deployment: Deployment, keys: { primary: string; secondary: string }): Promise<void> {
  const started = await followDeployment(context.client, name, false);
  if (started.state !== 'ready') throw new CliError(started.failure ?? 'unexpected', failureCodes[started.failure ?? 'unexpected'], 1, `See: npx modelkeep deployments show ${name}`);
  const enforced = started.isolation?.findings.filter((finding) => finding.status === 'enforced').length ?? 0;
  line(`${mark(true)} deployed as ${bold(name)} in a sandboxed worker ${dim(`(${enforced} of ${started.isolation?.findings.length ?? 0} guarantees enforced, probed from inside)`)}`);
  await ask(context, deployment, keys.primary);
  whatNext(started, keys);
}

export const starter: Command = {
  summary: 'Pull, deploy and try a first model',
  run: async (context) => {
    const { client } = context;
    try {
      const existing = await find(client);
      if (!existing) { await first(context); return; }
      // Deployed, but perhaps by a starter that was killed before it showed the keys: nobody has used them then.
      const { data } = await client.call(operations.showUsage, { query: { deployment: name } });
      if (data.length === 0) {
        const [primary, secondary] = [await client.call(operations.regenerateKey, { params: { deployment: name, slot: 'primary' } }), await client.call(operations.regenerateKey, { params: { deployment: name, slot: 'secondary' } })];
        line(dim('The starter was interrupted before it showed its keys; here are new ones.'));
        await show(context, existing, { primary: primary.key, secondary: secondary.key });
        return;
      }
      const all = await client.call(operations.listDeployments);
      line('\nRunning:');
      for (const each of all.data) line(`  ${mark(each.state === 'ready')} ${each.name.padEnd(16)} ${each.model}  ${dim(each.state)}`);
      line('');
      whatNext(existing, undefined);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      line(`\n${bold('The first model is not ready:')} ${error.message}`);
      if (error.next !== undefined) line(error.next);
      line(`Everything else runs. Go on with any of:\n  npx modelkeep pull ${model}            the same again; it goes on where it stopped\n  npx modelkeep models list                        other models and where they come from\n  npx modelkeep models import FILE                 a model of your own: a file, an address, a repository\n  npx modelkeep deploy MODEL --serverless --name starter`);
    }
  },
};
