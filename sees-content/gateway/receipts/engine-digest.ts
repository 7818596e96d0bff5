/** Digests of what answers: the program of the embedded engine, the declaration of an external one. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '#contract/canonical-json.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';

/** SHA-256 over the names and SHA-256 digests of all files of folders, in order of their names. */
function digestOf(folders: string[]): string {
  const whole = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts')).map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const file of files) whole.update(`${relative(folder, file)}\0${createHash('sha256').update(readFileSync(file)).digest('hex')}\n`);
  }
  return `sha256:${whole.digest('hex')}`;
}

/** The worker's source and the engine's libraries for this machine; null where they cannot be read. */
export function embeddedEngineDigest(): string | null {
  try {
    const libraries = fileURLToPath(new URL('../bins', import.meta.resolve(`@node-llama-cpp/${process.platform}-${process.arch}`)));
    return digestOf([fileURLToPath(new URL('../../inference-worker', import.meta.url)), libraries]);
  } catch { return null; }
}

type Declaration = Extract<Route['engine'], { kind: 'external' }>;
const declared = new WeakMap<Declaration, string>();

/** Digest of an external engine's declaration: address, model and dialect, and nothing that is secret. */
export function declaredEngineDigest(engine: Declaration): string {
  const known = declared.get(engine);
  if (known !== undefined) return known;
  const { name, url, servedModel, dialect } = engine;
  const digest = `sha256:${createHash('sha256').update(canonicalJson({ dialect, name, servedModel, url })).digest('hex')}`;
  declared.set(engine, digest);
  return digest;
}
