/** Weighs models against this machine. The head of a file never changes, so it is read once. */
import { join } from 'node:path';
import type { Memory } from '#contract/http/models.ts';
import type { VersionRow } from '../find-version.ts';
import { availableMemory } from './available-memory.ts';
import { contextShape } from './context-shape.ts';
import type { ContextShape } from './context-shape.ts';
import { estimateMemory } from './estimate.ts';

export class ModelMemory {
  readonly #folder: string;
  readonly #shapes = new Map<string, ContextShape>();
  constructor(modelsFolder: string) { this.#folder = modelsFolder; }

  of({ manifest, artifact_digest: digest, artifact_size: artifactSize }: VersionRow): Memory {
    return estimateMemory({ manifest, artifactSize, shape: digest === null ? undefined : this.#shape(digest), availableBytes: availableMemory() });
  }

  #shape(digest: string): ContextShape | undefined {
    const shape = this.#shapes.get(digest) ?? contextShape(join(this.#folder, 'sha256', digest.slice('sha256:'.length)));
    if (shape) this.#shapes.set(digest, shape);
    return shape;
  }
}
