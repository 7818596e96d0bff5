/** Digests of what is started: the program's files, and its settings. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { canonicalJson } from '#contract/canonical-json.ts';

/** SHA-256 over `NAME NUL DIGEST LF` of each file below the paths, in the order of their names; tests are left out, and so is what is not there. `sha256:` and hexadecimal. */
export function programDigest(root: string, paths: string[]): string {
  const files = paths.flatMap((path) => {
    const whole = resolve(root, path);
    if (!existsSync(whole)) return [];
    if (statSync(whole).isFile()) return [whole];
    return readdirSync(whole, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !/(\.test|-under-test)\.ts$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  });
  const all = createHash('sha256');
  for (const file of files.toSorted()) all.update(`${relative(root, file)}\0${createHash('sha256').update(readFileSync(file)).digest('hex')}\n`);
  return `sha256:${all.digest('hex')}`;
}

/** Settings by name, without those that may hold a credential or are made anew at each start. */
export function settingsDigest(settings: Record<string, string>): string {
  const { DATABASE_URL: _databaseUrl, MODELKEEP_ORDER_KEY: _orderKey, ...open } = settings;
  return `sha256:${createHash('sha256').update(canonicalJson(open)).digest('hex')}`;
}
