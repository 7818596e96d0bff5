/** The only reader of the environment in the command line. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { runFolder } from '#contract/installation.ts';

export const dataFolder = (option: string | undefined): string =>
  resolve(option ?? process.env['MODELKEEP_DATA'] ?? join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'modelkeep'));
export const runFolderOf = (data: string): string => runFolder(data, process.env['XDG_RUNTIME_DIR'] ?? '/tmp', (text) => createHash('sha256').update(text).digest('hex'));
export const credentialsFile = (): string => join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'modelkeep/credentials.json');
/** What the command line remembers for its user between two calls. */
export const stateFolder = (): string => join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), 'modelkeep');
export const projectOption = (option: string | undefined): string | undefined => option ?? process.env['MODELKEEP_PROJECT'];
/** External database that an installation started from this shell would use. */
export const databaseUrl = (): string | undefined => process.env['DATABASE_URL'] ?? undefined;
export const forced = { noColour: process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '' };
