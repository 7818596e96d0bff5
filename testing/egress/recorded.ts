/** The record of processes that run with the recorder: where it is, what makes a process keep it, and what it says. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordVariable } from './entry.ts';
import type { Entry } from './entry.ts';

export class EgressRecord {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mk-egress-'));
  readonly #path = join(this.#folder, 'record.jsonl');
  /** For the environment of the processes. */
  readonly env = { NODE_OPTIONS: `--import=${new URL('record.ts', import.meta.url).href}`, [recordVariable]: this.#path };

  entries(): Entry[] {
    if (!existsSync(this.#path)) return [];
    return readFileSync(this.#path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  }

  remove(): void { rmSync(this.#folder, { recursive: true, force: true }); }
}
