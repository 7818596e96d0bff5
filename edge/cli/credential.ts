/** A credential of several fields, from a file or asked for on the terminal without showing it. */
import type { Context, OptionSpec } from './command.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { readSecretFile } from './secret-file.ts';
import { readSecret } from './secret-line.ts';

/** `alias`: what other tools call it in their files. */
export interface CredentialField { name: string; asked: string; optional?: boolean; alias?: string }
export const credentialFileOption: Record<string, OptionSpec> = { 'credential-file': { type: 'string', help: 'file with the credential, of mode 0600; asked for on the terminal unless given' } };

export const s3Fields: readonly CredentialField[] = [
  { name: 'accessKeyId', asked: 'Access key id', alias: 'aws_access_key_id' }, { name: 'secretAccessKey', asked: 'Secret access key', alias: 'aws_secret_access_key' },
  { name: 'sessionToken', asked: 'Session token (empty for none)', optional: true, alias: 'aws_session_token' },
];

function parsed(text: string): Record<string, unknown> | undefined {
  try { const value: unknown = JSON.parse(text); return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Record<string, unknown> : undefined; } catch { return undefined; }
}
/** Lines of `name = value`; undefined where there are none, or several sections. */
function settings(text: string): Record<string, unknown> | undefined {
  const rows = text.split('\n').map((row) => row.trim()).filter((row) => row !== '' && !row.startsWith('#'));
  const pairs = rows.flatMap((row) => { const [, name, value] = /^(\w+)\s*=\s*(\S.*)$/.exec(row) ?? []; return name !== undefined && value !== undefined ? [[name, value] as const] : []; });
  const sections = rows.filter((row) => /^\[.*\]$/.test(row)).length;
  return pairs.length > 0 && sections <= 1 && pairs.length + sections === rows.length ? Object.fromEntries<unknown>(pairs) : undefined;
}

/** JSON with the fields, lines of `name = value`, or, where there is one field, the value alone. @throws CliError: it never quotes the file */
export function credentialIn(path: string, fields: readonly CredentialField[]): Record<string, string> {
  const text = readSecretFile(path).trim();
  const unusable = (why: string): CliError => new CliError('credential_file_invalid', `${path}: ${why}.`, exitCodes.usage);
  const document = parsed(text) ?? (fields.length > 1 ? settings(text) : undefined);
  if (!document) {
    const [only] = fields;
    if (fields.length !== 1 || !only || text === '' || text.includes('\n')) throw unusable(`JSON with ${fields.map(({ name }) => name).join(', ')} is expected`);
    return { [only.name]: text };
  }
  const known = new Set(fields.flatMap(({ name, alias }) => [name, alias]));
  if (Object.keys(document).some((name) => !known.has(name))) throw unusable(`it has another field than ${fields.map(({ name }) => name).join(', ')}`);
  return Object.fromEntries(fields.flatMap(({ name, alias, optional }): (readonly [string, string])[] => {
    const value = document[name] ?? (alias === undefined ? undefined : document[alias]);
    if (value === undefined && optional === true) return [];
    if (typeof value !== 'string' || value === '') throw unusable(`${name} is missing`);
    return [[name, value] as const];
  }));
}

/** @throws CliError usage where nothing is given */
export async function credentialOf(context: Context, fields: readonly CredentialField[]): Promise<Record<string, string>> {
  const path = context.text('credential-file');
  if (path !== undefined) return credentialIn(path, fields);
  // A pipe has one line for us.
  if (fields.length > 1 && !process.stdin.isTTY) throw new CliError('usage', '--credential-file is needed where nobody can be asked.', exitCodes.usage);
  const credential: Record<string, string> = {};
  for (const { name, asked, optional } of fields) {
    const value = (await readSecret(`${asked}: `)).trim();
    if (value !== '') credential[name] = value;
    else if (optional !== true) throw new CliError('usage', `There is no ${asked.toLowerCase()}.`, exitCodes.usage);
  }
  return credential;
}
