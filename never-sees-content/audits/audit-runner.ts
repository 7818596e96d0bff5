/** Starts audits as processes of their own, one at a time, and keeps how far they are: whoever asked may leave and come back. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AuditFailure, AuditStep } from '#contract/http/audits.ts';
import type { Audit } from '#contract/http/audits.ts';
import { dataLayout } from '#contract/installation.ts';
import { isHeld } from '../audit/lock.ts';
import type { Said } from '../audit/progress.ts';
import type { Actor } from '../ledger/entry.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { readSummary, reportIds } from './reports.ts';

const auditProgram = fileURLToPath(new URL('../audit/main.ts', import.meta.url));

export class AuditRunner {
  readonly #storage: Storage;
  readonly #folders: { dataFolder: string; runFolder: string };
  readonly #program: string;
  /** Those that this process has started and that have no report: the one that runs, and what failed. */
  readonly #own = new Map<string, Audit>();
  #running: { id: string; child: ChildProcess | undefined; done: Promise<void> } | undefined;

  /** `program`: the audit's main file. */
  constructor(storage: Storage, folders: { dataFolder: string; runFolder: string }, program = auditProgram) {
    this.#storage = storage;
    this.#folders = folders;
    this.#program = program;
  }

  /** @throws Refusal audit_running */
  async start(actor: Actor): Promise<Audit> {
    if (this.#running || this.#isHeld()) throw new Refusal('audit_running');
    const startedAt = new Date().toISOString();
    const id = startedAt.replaceAll(':', '-');
    const audit: Audit = { id, state: 'running', startedAt, finishedAt: null, steps: AuditStep.options.map((step) => ({ step, done: 0, total: 0 })), failure: null, summary: null };
    // Before anything is waited for: a second request finds it running.
    const running = this.#running = { id, child: undefined as ChildProcess | undefined, done: Promise.resolve() };
    this.#own.set(id, audit);
    try {
      await mkdir(join(this.#folders.dataFolder, dataLayout.audits), { recursive: true, mode: 0o700 });
      await this.#storage.transact(actor, () => Promise.resolve({ result: undefined, entry: { kind: 'audit.started', object: id, projectId: null, facts: {} } }));
    } catch (error) {
      this.#running = undefined;
      this.#own.delete(id);
      throw error;
    }
    running.child = this.#launch(id);
    running.done = this.#follow(running.child, audit, actor).finally(() => { this.#running = undefined; });
    running.done.catch(() => undefined);
    return audit;
  }

  async list(): Promise<Audit[]> {
    const reported = await Promise.all((await reportIds(this.#folders.dataFolder)).map((id) => readSummary(this.#folders.dataFolder, id)));
    const known = new Map(reported.filter((audit) => audit !== undefined).map((audit) => [audit.id, audit]));
    for (const [id, audit] of this.#own) if (!known.has(id)) known.set(id, audit);
    return [...known.values()].sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  async show(id: string): Promise<Audit | undefined> { return (this.#running?.id === id ? undefined : await readSummary(this.#folders.dataFolder, id)) ?? this.#own.get(id); }

  /** Ends the audit that runs; it takes back what it has made. */
  async close(): Promise<void> {
    this.#running?.child?.kill('SIGTERM');
    await this.#running?.done.catch(() => undefined);
  }

  /** By an audit of the command line too. */
  #isHeld(): boolean { return isHeld(join(this.#folders.dataFolder, dataLayout.audits, 'lock')); }

  #launch(id: string): ChildProcess {
    const { dataFolder, runFolder } = this.#folders;
    // Nothing of control's environment, in which the database's address may stand.
    return spawn(process.execPath, ['--no-warnings', this.#program, '--data', dataFolder, '--run', runFolder, '--out', join(dataFolder, dataLayout.audits, id)], { env: {}, stdio: ['ignore', 'pipe', 'ignore'] });
  }

  async #follow(child: ChildProcess, audit: Audit, actor: Actor): Promise<void> {
    let failure: Audit['failure'] = 'unexpected';
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()));
    if (child.stdout) for await (const line of createInterface({ input: child.stdout })) failure = take(line, audit) ?? failure;
    await exited;
    const report = await readSummary(this.#folders.dataFolder, audit.id);
    Object.assign(audit, report ?? { state: 'unfinished', finishedAt: new Date().toISOString(), failure });
    const facts = report?.summary ? { verdict: report.state, reportDigest: report.summary.reportDigest } : { verdict: 'unfinished', code: failure };
    await this.#storage.transact(actor, () => Promise.resolve({ result: undefined, entry: { kind: 'audit.finished', object: audit.id, projectId: null, facts } }));
  }
}

/** What the audit says: how far it is, or, as a code alone, why it ended. */
function take(line: string, audit: Audit): Audit['failure'] {
  let said: Said;
  try { said = JSON.parse(line) as Said; } catch { return null; }
  if ('error' in said) return AuditFailure.safeParse(said.error.code).data ?? 'unexpected';
  if ('step' in said) {
    const step = audit.steps.find((each) => each.step === said.step);
    if (step) Object.assign(step, { done: said.done, total: said.total });
  }
  return null;
}
