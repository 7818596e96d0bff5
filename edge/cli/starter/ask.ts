/** The first question, asked as any client would: at the public address, with the key, over TLS where there is TLS. */
import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import type { Deployment } from '#contract/http/deployments.ts';
import { Client } from '../client.ts';
import { Conversation } from '../conversation.ts';
import { bold, line, printable } from '../terminal.ts';

const question = 'Name three primary colours.';

/** @throws CliError where the endpoint does not answer it */
export async function ask(deployment: Deployment, key: string, authority: string | undefined): Promise<void> {
  const dispatcher = new Agent({ connect: authority === undefined ? {} : { ca: readFileSync(authority, 'utf8') } });
  const { origin } = new URL(deployment.baseUrl);
  const connection = { origin, server: origin, dispatcher, headers: { authorization: `Bearer ${key}` }, local: false, mayReturn: () => true };
  const conversation = new Conversation(new Client(connection, undefined), deployment.name, { temperature: 0, max_tokens: 80, seed: undefined }, undefined);
  line(`\n${bold('›')} ${question}`);
  await conversation.ask(question, (piece) => { process.stdout.write(printable(piece)); });
  line('\n');
}
