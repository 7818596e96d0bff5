/**
 * Opens a file below a folder that the operator has opened. A link may lead about inside the datastore's folder and not out of it; that is checked of the
 * file that was opened, by where the kernel says it lies, so that nobody can put another in its place in between.
 */
import { constants } from 'node:fs';
import { lstat, open, readlink, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { GatewayError } from '../gateway-error.ts';
import { isInside } from './data-source.ts';

/** `roots`: what the operator opened. `closed`: what is never opened, wherever it lies: the installation's own folders. */
export interface Opening { roots: readonly string[]; closed: readonly string[] }

const isBelow = (folder: string, path: string): boolean => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
/** A device, a socket or a pipe is not waited for, and no terminal is taken. */
const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The real path of a datastore's folder. @throws GatewayError path_refused, datastore_refused */
export async function openedFolder(folder: string, { roots, closed }: Opening): Promise<string> {
  const root = roots.find((each) => isBelow(each, folder));
  if (root === undefined || normalize(folder).replace(/(.)\/$/, '$1') !== folder || !folder.isWellFormed() || folder.includes('\0')) throw new GatewayError('path_refused');
  const [realRoot, real] = await Promise.all([realOf(root), realOf(folder)]);
  if (!isBelow(realRoot, real) || await isClosed(real, closed)) throw new GatewayError('path_refused');
  return real;
}

const realOf = async (path: string): Promise<string> => await realpath(path).catch((error: unknown) => { throw fileError(error, 'datastore_refused'); });

async function isClosed(path: string, closed: readonly string[]): Promise<boolean> {
  const folders = await Promise.all(closed.map(async (each) => await realpath(each).catch(() => each)));
  return folders.some((each) => isBelow(each, path));
}

/** @throws GatewayError path_refused, file_not_found, datastore_refused, datastore_unreachable */
export async function openBelow(folder: string, path: string, opening: Opening): Promise<FileHandle> {
  if (!isInside(path)) throw new GatewayError('path_refused');
  const realFolder = await openedFolder(folder, opening);
  const place = await realpath(join(realFolder, path)).catch((error: unknown) => { throw fileError(error); });
  // Before anything is opened: opening a device can do something.
  if (!isBelow(realFolder, place) || !(await lstat(place).catch((error: unknown) => { throw fileError(error); })).isFile()) throw new GatewayError('path_refused');
  const file = await open(place, flags).catch((error: unknown) => { throw fileError(error); });
  try {
    const lies = await readlink(`/proc/self/fd/${file.fd}`);
    if (!(await file.stat()).isFile() || !isBelow(realFolder, lies) || await isClosed(lies, opening.closed)) throw new GatewayError('path_refused');
    return file;
  } catch (error) {
    await file.close();
    throw error instanceof GatewayError ? error : new GatewayError('path_refused');
  }
}

function fileError(error: unknown, missing: 'file_not_found' | 'datastore_refused' = 'file_not_found'): GatewayError {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT': case 'ENOTDIR': return new GatewayError(missing);
    case 'ELOOP': case 'ENXIO': case 'ENAMETOOLONG': case 'ENODEV': return new GatewayError('path_refused');
    case 'EACCES': case 'EPERM': return new GatewayError('datastore_refused');
    default: return new GatewayError('datastore_unreachable');
  }
}
