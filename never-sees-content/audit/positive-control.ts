/** Leaks that the audit plants itself, and must find with the same code: one that finds nothing may just be blind. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cells } from './cell.ts';
import type { Process } from './processes.ts';
import type { SinkResult } from './sinks/sink.ts';

/** `within`: what the place of the find must have in its name. */
export interface Expected { what: string; canary: string; sinks: { sink: string; within?: string }[] }
export interface ControlResult { what: string; sink: string; found: boolean }

export class PositiveControl {
  readonly expected: Expected[] = [];
  readonly #cells: Cells;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  /** `folder`: one inside the data folder. */
  constructor(cells: Cells, folder: string) {
    this.#cells = cells;
    this.#folder = folder;
  }

  get #file(): string { return join(this.#folder, 'positive-control.tmp'); }

  /** A name that is legitimately stored: found wherever the database keeps it. @returns the canary */
  storedName(embedded: boolean): string {
    const { canary } = this.#cells.add({ operation: 'createToken', field: 'request name', mark: 'personal', outcome: 'positive_control', stream: false, engine: 'none', mayBeIn: ['database', 'answer', 'control memory', 'postgres memory'] });
    this.expected.push({ what: 'a name in the database', canary, sinks: [{ sink: 'database_dump' }, { sink: 'api_answers' }, ...(embedded ? [{ sink: 'database_files', within: '/base/' }, { sink: 'database_files', within: '/pg_wal/' }] : [])] });
    return canary;
  }

  /** A file in the data folder, in base64; a process with one canary in its environment and one in its memory. @returns the process, to be searched with the others */
  async plant(): Promise<Process> {
    const canary = (what: string, sink: string, mayBeIn: ('files' | 'processes' | 'other memory')[]): string => {
      const { canary: made } = this.#cells.add({ operation: 'none', field: what, mark: 'content', outcome: 'positive_control', stream: false, engine: 'none', mayBeIn });
      this.expected.push({ what, canary: made, sinks: [{ sink }] });
      return made;
    };
    writeFileSync(this.#file, `debug: prompt=${Buffer.from(canary('a file in the data folder', 'data_folder', ['files'])).toString('base64')}\n`, { mode: 0o600 });
    const inEnvironment = canary('the environment of a process', 'environments', ['processes', 'other memory']);
    const inMemory = canary('the memory of a process', 'other_memory', ['other memory']);
    const child = spawn(process.execPath, ['-e', 'process.stdin.on("data", (held) => { globalThis.held = held; process.stdout.write("held"); })'], { env: { AUDIT_POSITIVE_CONTROL: inEnvironment }, stdio: ['pipe', 'pipe', 'ignore'] });
    this.#child = child;
    child.stdin.write(inMemory);
    await new Promise<void>((resolve, reject) => { child.stdout.once('data', () => resolve()); child.once('error', reject).once('exit', () => reject(new Error('positive control'))); });
    return { pid: child.pid ?? -1, name: 'positive control' };
  }

  check(results: SinkResult[]): ControlResult[] {
    return this.expected.flatMap(({ what, canary, sinks }) => sinks.map(({ sink, within = '' }) => ({
      what, sink: `${sink}${within}`, found: results.some(({ id, hits }) => id === sink && hits.some(({ text, place }) => text === canary && place.includes(within))),
    })));
  }

  remove(): void {
    this.#child?.kill('SIGKILL');
    rmSync(this.#file, { force: true });
  }
}
