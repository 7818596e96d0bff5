import { readFileSync } from 'node:fs';
import { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { keepCredentials, remote } from '../connection.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { operations } from '#contract/operations.ts';
import { line, mark } from '../terminal.ts';

/** Reads a line without showing it on a terminal, or the first line of a pipe. */
async function readSecret(question: string): Promise<string> {
  if (process.stdin.isTTY) { process.stderr.write(question); process.stdin.setRawMode(true); }
  let text = '';
  try {
    for await (const chunk of process.stdin) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n') return text;
        if (character === '\u0003') process.exit(130);
        text = character === '\u007f' ? text.slice(0, -1) : text + character;
      }
    }
    return text;
  } finally { if (process.stdin.isTTY) { process.stdin.setRawMode(false); process.stderr.write('\n'); } }
}

export const login: Command = {
  summary: 'Use a server on another machine; the token is asked for, or read from standard input', args: ['URL'],
  options: { ca: { type: 'string', help: 'PEM of the server\'s own authority (its data folder\'s ca.pem)' } }, examples: ['modelkeep login https://models.example.org', 'modelkeep login https://10.0.0.5:8420 --ca ca.pem < token'],
  run: async (context) => {
    const url = context.args[0] ?? '';
    if (!URL.canParse(url) || !/^https?:/.test(url)) throw new CliError('usage', 'That is not an http or https address.', exitCodes.usage);
    const path = context.text('ca');
    let ca: string | undefined;
    try { ca = path === undefined ? undefined : readFileSync(path, 'utf8'); } catch { throw new CliError('unreadable_file', `${path ?? ''} cannot be read.`, exitCodes.usage); }
    const token = (await readSecret('Project token or administrator credential: ')).trim();
    if (token === '') throw new CliError('usage', 'There is no token.', exitCodes.usage);
    const credentials = { url, token, ...(ca === undefined ? {} : { ca }) };
    const installation = await new Client(remote(credentials), undefined).call(operations.status);
    keepCredentials(credentials);
    context.print({ url, version: installation.version }, () => line(`${mark(true)} logged in to ${url} (Modelkeep ${installation.version})`));
    process.stdin.destroy();
  },
};
