/** The folders of an installation: entered by one user only, and never somebody else's. */
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { ConfigurationError } from './configuration-error.ts';

const layout = new Set<string>(Object.values(dataLayout));

function owned(path: string, stat: Stats): void {
  if (!stat.isDirectory()) throw new ConfigurationError(`${path} is not a folder.`);
  if (stat.uid !== process.getuid?.()) throw new ConfigurationError(`${path} belongs to another user (uid ${stat.uid}).`);
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

function make(path: string): void {
  try { mkdirSync(path, { recursive: true, mode: 0o700 }); } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ConfigurationError(`${path} cannot be made (${code ?? 'unknown'}). Choose another folder with --data.`);
  }
}

/** Makes or opens the data folder. Refuses one that has other things in it: its mode would be changed under them. */
export function openDataFolder(path: string): void {
  make(path);
  const names = readdirSync(path).filter((name) => name !== 'lost+found');
  const ours = (lstatSync(join(path, dataLayout.lock), { throwIfNoEntry: false })?.isFile() ?? false) || names.every((name) => layout.has(name));
  if (!ours) throw new ConfigurationError(`${path} is neither empty nor a data folder of Modelkeep. Choose another with --data.`);
  if (existsSync(join(path, dataLayout.restoring))) throw new ConfigurationError(`The restore into ${path} is not complete. Complete it with the same modelkeep restore again, or remove the folder to start over.`);
  owned(path, statSync(path));
  make(join(path, dataLayout.logs));
}

/** Makes or opens the folder of the sockets. It may lie in /tmp, where anybody can have put a folder or a link first. */
export function openRunFolder(path: string): void {
  make(path);
  owned(path, lstatSync(path));
}
