#!/usr/bin/env node
// Builds the studio into edge/studio/dist where what is there was not built from these sources: at every `modelkeep up`, or by hand with `npm run studio`.
// Plain JavaScript: the machine's own Node runs this file, and loads the bundler only where there is something to build.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../..', import.meta.url));
const studio = join(project, 'edge/studio');
const dist = join(studio, 'dist');

function sourceDigest() {
  const digest = createHash('sha256');
  const files = ['edge/studio', 'edge/verify', 'contract'].flatMap((folder) => readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(studio, 'dist')) && !entry.name.endsWith('.test.ts')).map((entry) => join(entry.parentPath, entry.name)));
  for (const file of [...files, join(project, 'package-lock.json')].sort()) digest.update(`${relative(project, file)}\0`).update(readFileSync(file)).update('\0');
  return digest.digest('hex');
}

function builtFrom() {
  try { return readFileSync(join(dist, 'built-from'), 'utf8'); } catch { return undefined; }
}

// Another start may be building at the same moment: each builds beside, and puts the whole in place at once.
async function build(digest) {
  const { build: bundle } = await import('vite');
  const [fresh, old] = [`${dist}.${process.pid}`, `${dist}.${process.pid}.old`];
  await bundle({ configFile: join(studio, 'vite.config.ts'), logLevel: 'error', build: { outDir: fresh } });
  writeFileSync(join(fresh, 'built-from'), digest);
  try { renameSync(dist, old); } catch { /* there was none */ }
  try { renameSync(fresh, dist); } catch { rmSync(fresh, { recursive: true, force: true }); /* the other one was first, with the same */ }
  rmSync(old, { recursive: true, force: true });
}

try {
  const digest = sourceDigest();
  if (process.argv.includes('--force') || builtFrom() !== digest) {
    console.error('modelkeep: building the studio (a few seconds, once)');
    await build(digest);
  }
} catch (error) {
  console.error(`modelkeep: the studio could not be built: ${error.message}\nEverything else works without it; try again with: npm run studio`);
  process.exitCode = 1;
}
