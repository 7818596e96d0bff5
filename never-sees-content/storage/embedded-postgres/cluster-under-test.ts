/** A cluster for tests, as the first start of one leaves it: made once for all tests and copied, which costs a tenth of making it. */
import { chmodSync, cpSync, existsSync, mkdtempSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { programDigest } from '../../supervisor/program-digest.ts';
import { postgresPrograms } from './binaries.ts';
import { startEmbeddedPostgres } from './postgres.ts';

/** Of this version of PostgreSQL, by this source. */
const place = (): string => join(tmpdir(), `modelkeep-test-clusters-${userInfo().username}`, programDigest(import.meta.dirname, ['.', join(postgresPrograms(), '../../package.json')]).slice(-16));

async function make(kept: string): Promise<void> {
  mkdirSync(join(kept, '..'), { recursive: true, mode: 0o700 });
  const making = mkdtempSync(`${kept}.`);
  const [dataFolder, runFolder] = [join(making, 'postgres'), mkdtempSync(join(tmpdir(), 'mk-run-'))];
  try {
    await (await startEmbeddedPostgres({ dataFolder, runFolder, fast: true })).stop();
    renameSync(dataFolder, kept);
  } catch (error) {
    // Another test made it meanwhile.
    if (!existsSync(kept)) throw error;
  } finally { for (const folder of [making, runFolder]) rmSync(folder, { recursive: true, force: true }); }
}

/** Puts one where there is none. */
export async function copyCluster(dataFolder: string): Promise<void> {
  const kept = place();
  if (!existsSync(kept)) await make(kept);
  cpSync(kept, dataFolder, { recursive: true });
  chmodSync(dataFolder, 0o700);
}
