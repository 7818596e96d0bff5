/** What deployments need to know of a model version. */
import type { Task } from '#contract/http/models.ts';
import type { Reader } from '../storage/storage.ts';
import { isDeployable } from './deployable.ts';
import { findVersion } from './find-version.ts';

export interface ServableModel {
  name: string; version: string; digest: string; task: Task; deployable: boolean;
  /** `sha256:…` of the file that the engine loads; null until pulled. */
  artifactDigest: string | null;
  contextLength: number | null;
}

export async function servableModel(db: Reader, name: string, version?: string): Promise<ServableModel | undefined> {
  const row = await findVersion(db, name, version);
  return row && {
    name: row.name, version: row.version, digest: row.digest, task: row.manifest.task, deployable: isDeployable(row.manifest),
    artifactDigest: row.artifact_digest, contextLength: row.manifest.contextLength ?? null,
  };
}
