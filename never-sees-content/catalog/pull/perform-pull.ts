/** The work of one pull: fetch every file, verify it, make the file that the engine loads, and put it in its place. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelFile, ModelManifest } from '#contract/http/models.ts';
import { convertEncoder } from '../conversion/convert-encoder.ts';
import { checkGguf } from '../formats/check-gguf.ts';
import { fetchSource } from './fetch-source.ts';
import type { SourceSettings } from './fetch-source.ts';
import { sha256Of } from './model-folder.ts';
import type { ModelFolder } from './model-folder.ts';
import { PullFailure } from './pull-failure.ts';

export interface PullWork {
  manifest: ModelManifest; modelDigest: string; folder: ModelFolder; settings: SourceSettings; signal: AbortSignal;
  /** Pins found by earlier pulls of files that the manifest does not pin, by role. */
  pins: Map<string, string>;
  onState: (state: 'fetching' | 'verifying' | 'converting') => void;
  onProgress: (received: number, total: number | null) => void;
}
export interface PullOutcome { artifactSha256: string; artifactSize: number; pinned: 'manifest' | 'first_pull'; newPins: Map<string, string> }

const largestFile = 2 ** 41;

export async function performPull(work: PullWork): Promise<PullOutcome> {
  const { manifest, folder } = work;
  const at = folder.work(work.modelDigest);
  const newPins = new Map<string, string>();
  const known = manifest.files.every((file) => file.size !== undefined) ? manifest.files.reduce((sum, file) => sum + (file.size ?? 0), 0) : null;
  let before = 0;
  for (const file of manifest.files) {
    const path = join(at, file.role);
    if (!existsSync(path)) await fetchFile(work, file, at, newPins, (received, total) => { const all = known ?? (total === null ? null : before + total); work.onProgress(all === null ? before + received : Math.min(all, before + received), all); });
    before += statSync(path).size;
    work.onProgress(before, known ?? before);
  }
  work.signal.throwIfAborted();
  const artifact = makeArtifact(work, at);
  const artifactSha256 = await sha256Of(artifact, work.signal);
  const artifactSize = statSync(artifact).size;
  folder.adopt(artifact, artifactSha256);
  folder.discardWork(work.modelDigest);
  return { artifactSha256, artifactSize, newPins, pinned: manifest.files.every((file) => file.sha256 !== undefined) ? 'manifest' : 'first_pull' };
}

async function fetchFile(work: PullWork, file: ModelFile, at: string, newPins: Map<string, string>, onProgress: PullWork['onProgress']): Promise<void> {
  const partPath = join(at, `${file.role}.part`);
  work.onState('fetching');
  const fetched = await fetchSource(file.source, work.settings, { partPath, workFolder: at, sizeLimit: file.size ?? largestFile, signal: work.signal, onProgress });
  work.onState('verifying');
  const expected = file.sha256 ?? work.pins.get(file.role) ?? fetched.sha256;
  const found = await sha256Of(partPath, work.signal);
  if ((expected !== undefined && found !== expected) || (file.size !== undefined && statSync(partPath).size !== file.size)) {
    work.folder.quarantine(partPath, `${work.modelDigest.slice(7, 19)}-${file.role}`);
    rmSync(`${partPath}.etag`, { force: true });
    throw new PullFailure('checksum_mismatch');
  }
  if (file.sha256 === undefined) newPins.set(file.role, found);
  renameSync(partPath, join(at, file.role));
}

function makeArtifact({ manifest, onState }: PullWork, at: string): string {
  const weights = join(at, 'weights');
  if (manifest.format === 'gguf') {
    checkGguf(weights);
    return weights;
  }
  onState('converting');
  const artifact = join(at, 'artifact.gguf');
  try {
    convertEncoder({ weights, tokenizer: join(at, 'tokenizer'), vocabulary: join(at, 'vocabulary'), configuration: join(at, 'configuration'), name: manifest.displayName, licence: manifest.licence, pooling: manifest.pooling ?? 'mean' }, artifact);
  } catch (error) { throw (error as { code?: string }).code === 'ENOSPC' ? error : new PullFailure('conversion_failed', error); }
  return artifact;
}
