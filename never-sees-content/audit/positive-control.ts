/** Leaks that the audit plants itself, and must find with the same code: one that finds nothing may just be blind. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { plantRow, removeRow } from '../storage/planted-row.ts';
import type { Cells, Place } from './cell.ts';
import type { Process } from './processes.ts';
import type { SinkResult } from './sinks/sink.ts';

/** `within`: what the place of the find must have in its name. */
export interface Expected { what: string; canary: string; sinks: { sink: string; within?: string }[] }
export interface ControlResult { what: string; sink: string; found: boolean }

export class PositiveControl {
  readonly expected: Expected[] = [];
  readonly #cells: Cells;
  readonly #where: { data: string; run: string; embedded: boolean };
  #child: ChildProcess | undefined;

  constructor(cells: Cells, where: { data: string; run: string; embedded: boolean }) {
    this.#cells = cells;
    this.#where = where;
  }

  #file(folder: string): string { return join(this.#where.data, folder, 'positive-control.tmp'); }

  /** A name that is legitimately stored: found wherever the database keeps it. @returns the canary */
  storedName(): string {
    const { embedded } = this.#where;
    const { canary } = this.#cells.add({ operation: 'createToken', field: 'request name', mark: 'personal', outcome: 'positive_control', stream: false, engine: 'none', mayBeIn: ['database', 'answer', 'control memory', 'postgres memory'] });
    this.expected.push({ what: 'a name in the database', canary, sinks: [{ sink: 'database_dump' }, { sink: 'api_answers' }, ...(embedded ? [{ sink: 'database_files', within: '/base/' }, { sink: 'database_files', within: '/pg_wal/' }] : [])] });
    return canary;
  }

  /** A file in the data folder, in base64; the content of a file beside its sealed bytes and in a table; a process with one canary in its environment and one in its memory. @returns the process, to be searched with the others */
  async plant(): Promise<Process> {
    const canary = (what: string, mayBeIn: Place[], sink: string, within?: string): string => {
      const { canary: made } = this.#cells.add({ operation: 'none', field: what, mark: 'content', outcome: 'positive_control', stream: false, engine: 'none', mayBeIn });
      this.expected.push({ what, canary: made, sinks: [within === undefined ? { sink } : { sink, within }] });
      return made;
    };
    this.#write(dataLayout.audits, `debug: prompt=${Buffer.from(canary('a file in the data folder', ['files'], 'data_folder', `/${dataLayout.audits}/`)).toString('base64')}\n`);
    this.#write(dataLayout.objects, `${'{"messages":[]}\n'.repeat(10_000)}${canary('a customer\'s file beside its sealed bytes', ['files'], 'data_folder', `/${dataLayout.objects}/`)}\n`);
    if (this.#where.embedded) await plantRow(this.#where.run, `${'audit '.repeat(10_000)}${canary('a customer\'s file in a table', ['database', 'postgres memory'], 'database_dump', 'audit_positive_control')}`);
    const inEnvironment = canary('the environment of a process', ['processes', 'other memory'], 'environments');
    const inMemory = canary('the memory of a process', ['other memory'], 'other_memory');
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

  #write(folder: string, text: string): void {
    mkdirSync(dirname(this.#file(folder)), { recursive: true, mode: 0o700 });
    writeFileSync(this.#file(folder), text, { mode: 0o600 });
  }

  async remove(): Promise<void> {
    this.#child?.kill('SIGKILL');
    for (const folder of [dataLayout.audits, dataLayout.objects]) rmSync(this.#file(folder), { force: true });
    if (this.#where.embedded) await removeRow(this.#where.run).catch(() => undefined);
  }
}
