/** Credentials from a file of the user's own: never from the command line nor the environment, where others could read them. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { CliError, exitCodes } from './exit-codes.ts';

/** Longest file, in bytes. */
const longest = 64 * 1024;

/** @throws CliError where the file cannot be read, or others may read or change it */
export function readSecretFile(path: string): string {
  let file: number;
  try { file = openSync(path, 'r'); } catch { throw new CliError('unreadable_file', `${path} cannot be read.`, exitCodes.usage); }
  try {
    const { mode, uid, size } = fstatSync(file);
    const own = process.getuid?.();
    if ((mode & 0o170000) !== 0o100000 || size > longest) throw new CliError('unreadable_file', `${path} is no file with a credential.`, exitCodes.usage);
    if ((mode & 0o077) !== 0) throw new CliError('credential_file_open', `${path} has mode ${(mode & 0o777).toString(8).padStart(4, '0')}: others may read or change it.`, exitCodes.usage, `Make it yours alone: chmod 600 ${path}`);
    if (own !== undefined && own !== 0 && uid !== own) throw new CliError('credential_file_open', `${path} belongs to another user.`, exitCodes.usage);
    return readFileSync(file, 'utf8');
  } finally { closeSync(file); }
}
