/** The folder of model files: content-addressed, with a place for work and a place for what was not what it should be. */
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, createReadStream, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export class ModelFolder {
  readonly #root: string;
  constructor(root: string) {
    this.#root = root;
    for (const name of ['sha256', 'work', 'quarantine']) mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  }

  /** Work folder of a pull, kept over restarts so that it can go on. */
  work(modelDigest: string): string {
    const path = join(this.#root, 'work', modelDigest.slice('sha256:'.length));
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  discardWork(modelDigest: string): void { rmSync(join(this.#root, 'work', modelDigest.slice('sha256:'.length)), { recursive: true, force: true }); }

  /** Work folders of no pull that will go on are removed. */
  tidy(unfinished: Set<string>): void {
    for (const name of readdirSync(join(this.#root, 'work'))) if (!unfinished.has(`sha256:${name}`)) rmSync(join(this.#root, 'work', name), { recursive: true, force: true });
  }

  quarantine(path: string, name: string): void { renameSync(path, join(this.#root, 'quarantine', `${Date.now()}-${name}`)); }

  /** Moves a finished file to its digest. It is on the disk when this returns. */
  adopt(path: string, sha256: string): void {
    chmodSync(path, 0o644); // a worker of another uid reads it through an inherited descriptor
    sync(path);
    renameSync(path, join(this.#root, 'sha256', sha256));
    sync(join(this.#root, 'sha256'));
  }
}

function sync(path: string): void {
  const file = openSync(path, 'r');
  try { fsyncSync(file); } finally { closeSync(file); }
}

export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { signal });
  return hash.digest('hex');
}
