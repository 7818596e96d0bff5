/** The two real models, fetched once for all tests through an installation's own pull, then imported by file. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir, userInfo } from 'node:os';
import type { Installation } from './installation.ts';

const cache = join(tmpdir(), `modelkeep-test-models-${userInfo().username}`);

interface Shown { artifactDigest: string; artifactSize: number; manifest: Record<string, unknown> & { name: string } }

/** Makes a catalog model ready on an installation: by its real source the first time, from the kept file afterwards. */
export async function ensureModel(installation: Installation, name: 'smollm2-135m-instruct' | 'all-minilm-l6-v2'): Promise<string> {
  const kept = join(cache, `${name}.gguf`);
  const about = join(cache, `${name}.json`);
  if (existsSync(kept) && existsSync(about)) return await importKept(installation, name, kept, about);
  await installation.json('pull', name);
  const shown = await installation.json<Shown>('models', 'show', name);
  mkdirSync(cache, { recursive: true });
  copyFileSync(join(installation.data, 'models', 'sha256', shown.artifactDigest.slice('sha256:'.length)), `${kept}.${process.pid}`);
  renameSync(`${kept}.${process.pid}`, kept);
  writeFileSync(about, JSON.stringify(shown));
  return name;
}

async function importKept(installation: Installation, name: string, kept: string, about: string): Promise<string> {
  const shown = JSON.parse(readFileSync(about, 'utf8')) as Shown;
  const copyName = `${name}-kept`;
  const manifest = {
    ...shown.manifest, name: copyName, version: 'test', format: 'gguf',
    files: [{ role: 'weights', size: shown.artifactSize, sha256: shown.artifactDigest.slice('sha256:'.length), source: { type: 'file', path: kept } }],
  };
  const path = join(installation.data, `${copyName}.json`);
  writeFileSync(path, JSON.stringify(manifest));
  await installation.json('models', 'import', path);
  const pull = await installation.json<{ state: string }>('pull', copyName);
  assert.equal(pull.state, 'done');
  return copyName;
}

export interface Deployed { name: string; baseUrl: string; primaryKey: string; secondaryKey: string; state: string }

export async function deploy(installation: Installation, model: string, name: string, ...more: string[]): Promise<Deployed> {
  return await installation.json<Deployed>('deploy', model, '--serverless', '--name', name, ...more);
}
