import { readFileSync } from 'node:fs';
import { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { keepCredentials, remote } from '../connection.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { operations } from '#contract/operations.ts';
import { readSecret } from '../secret-line.ts';
import { line, mark } from '../terminal.ts';

function readAuthority(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try { return readFileSync(path, 'utf8'); } catch { throw new CliError('unreadable_file', `${path} cannot be read.`, exitCodes.usage); }
}

/** A credential does not travel unencrypted to another machine unless its owner says so. @throws CliError usage */
function checkAddress(url: string, allowHttp: boolean): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '' };
  if (protocol !== 'http:' && protocol !== 'https:') throw new CliError('usage', 'That is not an http or https address.', exitCodes.usage);
  if (protocol === 'http:' && !allowHttp && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) {
    throw new CliError('usage', 'The token would travel unencrypted. Use the https address, or say --allow-http.', exitCodes.usage);
  }
}

export const login: Command = {
  summary: 'Use a server on another machine; the token is asked for, or read from standard input', args: ['URL'],
  options: { ca: { type: 'string', help: 'PEM of the server\'s own authority (its data folder\'s ca.pem)' }, 'allow-http': { type: 'boolean', help: 'send the token unencrypted to another machine' } },
  examples: ['modelkeep login https://models.example.org', 'modelkeep login https://10.0.0.5:8420 --ca ca.pem < token'],
  run: async (context) => {
    const url = context.args[0] ?? '';
    checkAddress(url, context.flag('allow-http'));
    const ca = readAuthority(context.text('ca'));
    const token = (await readSecret('Project token or administrator credential: ')).trim();
    if (!/^[\x21-\x7e]+$/.test(token)) throw new CliError('usage', token === '' ? 'There is no token.' : 'That is not a token.', exitCodes.usage);
    const credentials = { url, token, ...(ca === undefined ? {} : { ca }) };
    const installation = await new Client(remote(credentials), undefined).call(operations.status);
    keepCredentials(credentials);
    context.print({ url, version: installation.version }, () => line(`${mark(true)} logged in to ${url} (Modelkeep ${installation.version})`));
  },
};
