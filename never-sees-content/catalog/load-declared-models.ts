/** Loads the manifests that the product declares into the catalog. Repeating it changes nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { ModelManifest } from '#contract/http/models.ts';
import { events } from '../server/events.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { importVersion } from './import-version.ts';

const folder = new URL('models/', import.meta.url);

/** The declared manifests by file name. @throws ZodError */
export function declaredModels(): Map<string, ModelManifest> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json')).sort();
  return new Map(files.map((name) => [name, ModelManifest.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))]));
}

export async function loadDeclaredModels(storage: Storage, declared = declaredModels()): Promise<void> {
  for (const [file, manifest] of declared) {
    try { await importVersion(storage, { kind: 'system', id: 'control' }, manifest); } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      events.manifestIgnored(file, error.code);
    }
  }
}
