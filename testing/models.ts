/** The two real models: fetched once for all tests, by the product's own pull, then imported by file. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ModelManifest } from '#contract/http/models.ts';
import { manifestDigest } from '#control/catalog/digest.ts';
import { declaredModels } from '#control/catalog/load-declared-models.ts';
import { ModelFolder } from '#control/catalog/pull/model-folder.ts';
import { performPull } from '#control/catalog/pull/perform-pull.ts';
import type { Installation } from './installation.ts';

const cache = join(tmpdir(), `modelkeep-test-models-${userInfo().username}`);
export type ModelName = 'smollm2-135m-instruct' | 'all-minilm-l6-v2';
interface Kept { path: string; sha256: string; size: number; manifest: ModelManifest }

/** The file that the engine loads, with its manifest. */
export async function modelFile(name: ModelName): Promise<Kept> {
  const about = join(cache, `${name}.json`);
  if (existsSync(about)) {
    const kept = JSON.parse(readFileSync(about, 'utf8')) as Kept;
    if (existsSync(kept.path)) return kept;
  }
  const manifest = declaredModels().get(`${name}.json`);
  assert.ok(manifest);
  // A folder for each process: two that fetch at once do not meet.
  const root = join(cache, String(process.pid));
  mkdirSync(root, { recursive: true });
  const outcome = await performPull({
    manifest, modelDigest: manifestDigest(manifest), folder: new ModelFolder(root), signal: new AbortController().signal, pins: new Map(),
    settings: { hfEndpoint: 'https://huggingface.co', hfTokenFile: undefined, pipEnvironment: process.env }, onState: () => undefined, onProgress: () => undefined,
  });
  const kept: Kept = { path: join(root, 'sha256', outcome.artifactSha256), sha256: outcome.artifactSha256, size: outcome.artifactSize, manifest };
  writeFileSync(`${about}.${process.pid}`, JSON.stringify(kept));
  renameSync(`${about}.${process.pid}`, about);
  return kept;
}

/** Makes a model ready to deploy on an installation. @returns its name there. */
export async function ensureModel(installation: Installation, name: ModelName, changes: Partial<ModelManifest> = {}): Promise<string> {
  const { path, sha256, size, manifest } = await modelFile(name);
  const kept = { ...manifest, name: `${name}-kept`, version: 'test', format: 'gguf', files: [{ role: 'weights', size, sha256, source: { type: 'file', path } }], ...changes };
  const file = join(installation.data, `${kept.name}.json`);
  writeFileSync(file, JSON.stringify(kept));
  await installation.json('models', 'import', file);
  const pull = await installation.json<{ state: string }>('pull', kept.name);
  assert.equal(pull.state, 'done');
  return kept.name;
}

export interface Deployed { name: string; baseUrl: string; primaryKey: string; secondaryKey: string; state: string }

export async function deploy(installation: Installation, model: string, name: string, ...more: string[]): Promise<Deployed> {
  return await installation.json<Deployed>('deploy', model, '--serverless', '--name', name, ...more);
}
