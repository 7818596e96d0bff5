/** A mark in the data folder from before the starter deploys until its keys were shown: a killed starter's successor knows by it that nobody saw them. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';

export interface Unfinished { begin(): void; end(): void; found(): boolean }

export function unfinished(dataFolder: string): Unfinished {
  const path = join(dataFolder, dataLayout.starterUnfinished);
  return {
    begin: () => {
      // Without it the starter works all the same; only an interrupted one does not find out that it was.
      try { writeFileSync(path, '', { mode: 0o600, flush: true }); } catch { /* an installation elsewhere, or a folder of another user */ }
    },
    end: () => rmSync(path, { force: true }),
    found: () => existsSync(path),
  };
}
