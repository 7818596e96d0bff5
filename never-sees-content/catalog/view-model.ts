/** A model version as the API shows it. */
import type { Model, ModelSummary } from '#contract/http/models.ts';
import type { Reader } from '../storage/storage.ts';
import { isDeployable } from './deployable.ts';
import type { VersionRow } from './find-version.ts';
import type { ModelMemory } from './memory/model-memory.ts';

export type PullState = ModelSummary['pull'];

/** State of the newest pull of each version, or of these. One that was cancelled left nothing, as if it had not been. */
export async function pullStates(db: Reader, digests?: string[]): Promise<Map<string, PullState>> {
  if (digests?.length === 0) return new Map();
  const rows = await db.selectFrom('pulls').select(['model_digest', 'state', 'failure']).$if(digests !== undefined, (select) => select.where('model_digest', 'in', digests ?? [])).distinctOn('model_digest').orderBy('model_digest').orderBy('started_at', 'desc').execute();
  return new Map(rows.map((row) => [row.model_digest, row.state === 'done' ? 'pulled' : row.failure === 'cancelled' ? 'not_pulled' : row.state === 'failed' ? 'failed' : 'pulling']));
}

export function viewSummary(row: Pick<VersionRow, 'name' | 'version' | 'digest' | 'manifest' | 'artifact_digest'>, states: Map<string, PullState>): ModelSummary {
  const { manifest } = row;
  const sizes = manifest.files.map((file) => file.size);
  const size = sizes.length > 0 && sizes.every((each) => each !== undefined) ? sizes.reduce((sum, each) => sum + each, 0) : undefined;
  return {
    name: row.name, version: row.version, digest: row.digest, displayName: manifest.displayName, publisher: manifest.publisher, summary: manifest.summary, task: manifest.task,
    licence: manifest.licence, format: manifest.format, deployable: isDeployable(manifest), pull: row.artifact_digest === null ? states.get(row.digest) ?? 'not_pulled' : 'pulled',
    parameters: manifest.parameters, contextLength: manifest.contextLength, size,
  };
}

export async function viewModel(db: Reader, row: VersionRow, memory: ModelMemory): Promise<Model> {
  const versions = await db.selectFrom('model_versions').select(['version', 'digest', 'imported_at as importedAt']).where('name', '=', row.name).orderBy('position', 'desc').execute();
  return {
    ...viewSummary(row, await pullStates(db, [row.digest])), manifest: row.manifest, artifactDigest: row.artifact_digest, artifactSize: row.artifact_size, pinned: row.pinned, retention: 'none',
    importedAt: row.imported_at, importedBy: row.imported_by, versions, memory: memory.of(row),
  };
}
