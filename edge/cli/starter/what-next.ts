/** What the starter leaves on the terminal: lines to copy that work as they stand. */
import type { Deployment } from '#contract/http/deployments.ts';
import { curlLine } from '../commands/deploy.ts';
import { bold, dim, line } from '../terminal.ts';

export interface Keys { primary: string; secondary: string }

const javascript = (baseUrl: string, name: string, key: string): string => `import OpenAI from 'openai';
const client = new OpenAI({ baseURL: '${baseUrl}', apiKey: '${key}' });
const answer = await client.chat.completions.create({ model: '${name}', messages: [{ role: 'user', content: 'Hello!' }] });
console.log(answer.choices[0].message.content);`;

const python = (baseUrl: string, name: string, key: string): string => `from openai import OpenAI
client = OpenAI(base_url='${baseUrl}', api_key='${key}')
answer = client.chat.completions.create(model='${name}', messages=[{'role': 'user', 'content': 'Hello!'}])
print(answer.choices[0].message.content)`;

function printKeys(name: string, keys: Keys | undefined): void {
  const renew = `npx modelkeep keys regenerate ${name} primary`;
  if (!keys) { line(`${bold('Keys')}       ${dim(`were shown when it was deployed; a new one: ${renew}`)}`); return; }
  line(`${bold('Keys')}       ${keys.primary}   ${dim('primary')}\n           ${keys.secondary}   ${dim('secondary')}`);
  line(`           ${dim(`shown only now; replace one with: ${renew}`)}`);
}

/** `authority`: path of the PEM that clients need to trust the endpoint. */
export function whatNext(deployment: Deployment, keys: Keys | undefined, authority: string | undefined): void {
  const { baseUrl, name } = deployment;
  const key = keys?.primary ?? 'KEY';
  line(`${bold('Endpoint')}   ${baseUrl}    model: ${name}`);
  if (authority !== undefined) line(`${bold('Authority')}  ${authority}   ${dim('for Node: NODE_EXTRA_CA_CERTS, for Python: SSL_CERT_FILE')}`);
  printKeys(name, keys);
  line(`\n${bold('Try it')}\n${curlLine(deployment, key, authority)}`);
  line(`\n${bold('JavaScript')}\n${javascript(baseUrl, name, key)}`);
  line(`\n${bold('Python')}\n${python(baseUrl, name, key)}`);
  line(`\n${bold('In another terminal')}\n  npx modelkeep chat ${name}\n  npx modelkeep deployments show ${name}\n  npx modelkeep models list\n  npx modelkeep help`);
}

export function whatElse(model: string): void {
  line('Everything else runs. Go on with any of:');
  for (const [command, does] of [
    [`npx modelkeep pull ${model}`, 'the same again; it goes on where it stopped'],
    ['npx modelkeep models list', 'other models and where they come from'],
    ['npx modelkeep models import FILE', 'a model of your own: a file, an address, a repository'],
    ['npx modelkeep engines add --help', 'a server that you have already, as the engine of a model'],
    ['npx modelkeep deploy MODEL --serverless --name NAME', ''],
  ]) line(`  ${(command ?? '').padEnd(52)} ${dim(does ?? '')}`.trimEnd());
}
