/** What a command remembers, so that the same command goes on where it was: small documents in the user's state folder, for the user alone. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { stateFolder } from './environment.ts';

/** Older ones are of no use: the server destroys what is unfinished after a day. In milliseconds. */
const usefulFor = 2 * 24 * 60 * 60_000;

export class Kept<S extends z.ZodType> {
  readonly #schema: S;
  readonly #folder: string;
  readonly #path: string;
  /** `about`: what tells this one from others of its kind. */
  constructor(kind: 'uploads' | 'downloads', schema: S, about: readonly (string | undefined)[]) {
    this.#schema = schema;
    this.#folder = join(stateFolder(), kind);
    this.#path = join(this.#folder, `${createHash('sha256').update(JSON.stringify(about.map((each) => each ?? null))).digest('hex').slice(0, 32)}.json`);
  }

  /** Undefined where there is none, or one that cannot be understood. */
  read(): z.output<S> | undefined {
    try { return this.#schema.parse(JSON.parse(readFileSync(this.#path, 'utf8'))); } catch { return undefined; }
  }

  write(document: z.output<S>): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    chmodSync(this.#folder, 0o700);
    rmSync(`${this.#path}.new`, { force: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(document), { mode: 0o600, flag: 'wx' });
    renameSync(`${this.#path}.new`, this.#path);
  }

  remove(): void { rmSync(this.#path, { force: true }); }

  /** Takes away what nobody came back for. */
  sweep(): void {
    let names: string[] = [];
    try { names = readdirSync(this.#folder); } catch { return; }
    for (const name of names) {
      const path = join(this.#folder, name);
      if (path !== this.#path && (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) < Date.now() - usefulFor) rmSync(path, { force: true });
    }
  }
}
