/** The passphrase of a backup of keys: typed, or in a file that nobody else can read. Never an argument, never the environment. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { CliError, exitCodes } from '../exit-codes.ts';
import { readSecret } from '../secret-line.ts';

/** `file`: where one was named. `again`: it is a new one, which is asked for twice. @throws CliError usage, unreadable_file */
export async function readPassphrase(file: string | undefined, again: boolean): Promise<string> {
  if (file !== undefined) return fromFile(file);
  const typed = await readSecret('Passphrase of the keys: ');
  if (again && process.stdin.isTTY && await readSecret('The same again: ') !== typed) throw new CliError('usage', 'They are not the same.', exitCodes.usage);
  return typed;
}

function fromFile(path: string): string {
  let file: number;
  try { file = openSync(path, 'r'); } catch { throw new CliError('unreadable_file', `${path} cannot be read.`, exitCodes.usage); }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || (stat.mode & 0o077) !== 0) throw new CliError('usage', `${path} may be read by others, or is no file.`, exitCodes.usage, `chmod 600 ${path}`);
    return readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? '';
  } finally { closeSync(file); }
}
