/** Runs pulls: one at a time for a version, kept in the database, going on after a restart, until they end or are cancelled. */
import type { Selectable } from 'kysely';
import type { Pull } from '#contract/http/pulls.ts';
import type { FailureCode } from '#contract/error-codes.ts';
import { identifier } from '../../identity/identifier.ts';
import type { Actor } from '../../ledger/entry.ts';
import { errorCodeOf, events } from '../../server/events.ts';
import type { Storage } from '../../storage/storage.ts';
import type { VersionRow } from '../find-version.ts';
import type { CatalogIndex } from '../search/catalog-index.ts';
import type { CatalogTables } from '../tables.ts';
import type { SourceSettings } from './fetch-source.ts';
import { ModelFolder } from './model-folder.ts';
import { performPull } from './perform-pull.ts';
import type { PullOutcome } from './perform-pull.ts';
import { failureOf, PullFailure } from './pull-failure.ts';
import { TransferRate } from './transfer-rate.ts';

export interface PullSettings extends SourceSettings { modelsFolder: string }
type Row = Selectable<CatalogTables['pulls']>;
interface Running { row: Row; rate: TransferRate; done: Promise<void>; controller: AbortController; cancelledBy: Actor | undefined }

/** Pulls that ended and are still listed. */
const listed = 50;

export class PullRunner {
  readonly #storage: Storage;
  readonly #catalog: CatalogIndex;
  readonly #settings: PullSettings;
  readonly #folder: ModelFolder;
  /** By model digest: progress is here while it runs, and only now and then in the database. */
  readonly #running = new Map<string, Running>();
  #order: Promise<unknown> = Promise.resolve();
  #closing = false;

  constructor(storage: Storage, catalog: CatalogIndex, settings: PullSettings) {
    this.#storage = storage;
    this.#catalog = catalog;
    this.#settings = settings;
    this.#folder = new ModelFolder(settings.modelsFolder);
  }

  /** Goes on with what a stopped process left. */
  async start(): Promise<void> {
    const rows = await this.#storage.read((db) => db.selectFrom('pulls').selectAll().where('state', 'not in', ['done', 'failed']).execute());
    const failed = await this.#storage.read((db) => db.selectFrom('pulls').select('model_digest').where('state', '=', 'failed').where('failure', '<>', 'cancelled').execute());
    this.#folder.tidy(new Set([...rows, ...failed].map((row) => row.model_digest)));
    for (const row of rows) {
      const version = await this.#storage.read((db) => db.selectFrom('model_versions').selectAll().where('digest', '=', row.model_digest).executeTakeFirstOrThrow());
      this.#launch(version, row);
    }
  }

  /** The pull of a version: the one that runs, the one that is done, or a new one. */
  async ensure(version: VersionRow, actor: Actor): Promise<Pull> {
    const row = await this.#inOrder(async () => {
      const running = this.#running.get(version.digest);
      if (running) return running.row;
      const last = await this.#storage.read((db) => db.selectFrom('pulls').selectAll().where('model_digest', '=', version.digest).orderBy('started_at', 'desc').limit(1).executeTakeFirst());
      if (last && version.artifact_digest !== null) return last;
      const fresh: Row = { id: identifier('pul'), model_digest: version.digest, state: 'queued', received_bytes: 0, total_bytes: null, failure: null, started_at: new Date().toISOString(), finished_at: null, actor_kind: actor.kind, actor_id: actor.id };
      await this.#storage.transact(actor, async (tx) => {
        await tx.insertInto('pulls').values(fresh).execute();
        return { result: undefined, entry: { kind: 'pull.started', object: fresh.id, projectId: null, facts: { model: version.name, version: version.version, modelDigest: version.digest } } };
      });
      this.#launch(version, fresh);
      this.#catalog.changed(version.name);
      return fresh;
    });
    return this.#view(row, version);
  }

  async show(id: string): Promise<Pull | undefined> {
    const row = await this.#storage.read((db) => db.selectFrom('pulls').selectAll().where('id', '=', id).executeTakeFirst());
    if (!row) return undefined;
    const version = await this.#storage.read((db) => db.selectFrom('model_versions').selectAll().where('digest', '=', row.model_digest).executeTakeFirstOrThrow());
    return this.#view(this.#current(row), version);
  }

  /** Those under way, then the latest that ended. */
  async list(model: string | undefined): Promise<Pull[]> {
    const rows = await this.#storage.read((db) => db.selectFrom('pulls').innerJoin('model_versions', 'model_versions.digest', 'pulls.model_digest').selectAll('pulls').select(['name', 'version', 'digest', 'pinned'])
      .$if(model !== undefined, (select) => select.where('name', '=', model ?? '')).orderBy((by) => by('finished_at', 'is', null), 'desc').orderBy('started_at', 'desc').limit(listed).execute());
    return rows.map((row) => this.#view(this.#current(row), row));
  }

  /** Ends a pull under way; returns when it has ended. What it brought so far is removed, since room on the disk is a reason to cancel. */
  async cancel(id: string, actor: Actor): Promise<Pull | undefined> {
    const running = [...this.#running.values()].find(({ row }) => row.id === id);
    if (running) {
      running.cancelledBy ??= actor;
      running.controller.abort();
      await running.done;
    }
    return await this.show(id);
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const running of this.#running.values()) running.controller.abort();
    await Promise.all([...this.#running.values()].map((running) => running.done));
  }

  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#order.then(work, work);
    this.#order = done.catch(() => undefined);
    return done;
  }

  /** A pull as it is this moment: the database knows it only now and then. */
  #current(row: Row): Row {
    const running = this.#running.get(row.model_digest)?.row;
    return running?.id === row.id ? running : row;
  }

  #view(row: Row, version: Pick<VersionRow, 'name' | 'version' | 'digest' | 'pinned'>): Pull {
    const running = this.#running.get(row.model_digest);
    const bytesPerSecond = running?.row === row && row.state === 'fetching' ? running.rate.perSecond() : null;
    const missing = row.total_bytes === null ? null : row.total_bytes - row.received_bytes;
    return {
      bytesPerSecond, remainingSeconds: bytesPerSecond === null || bytesPerSecond === 0 || missing === null ? null : Math.ceil(missing / bytesPerSecond),
      id: row.id, model: version.name, version: version.version, modelDigest: version.digest, state: row.state, receivedBytes: row.received_bytes, totalBytes: row.total_bytes,
      failure: row.failure as FailureCode | null, pinned: row.state === 'done' ? version.pinned : null, startedAt: row.started_at, finishedAt: row.finished_at,
    };
  }

  #launch(version: VersionRow, row: Row): void {
    const controller = new AbortController();
    const running: Running = { row, rate: new TransferRate(), controller, cancelledBy: undefined, done: Promise.resolve() };
    this.#running.set(version.digest, running);
    running.done = this.#run(version, running).finally(() => { this.#running.delete(version.digest); this.#catalog.changed(version.name); });
  }

  async #run(version: VersionRow, running: Running): Promise<void> {
    const { row, rate, controller: { signal } } = running;
    const start = performance.now();
    const actor: Actor = { kind: row.actor_kind as Actor['kind'], id: row.actor_id };
    try {
      const pins = await this.#storage.read((db) => db.selectFrom('pins').select(['role', 'sha256']).where('model_digest', '=', version.digest).execute());
      const outcome = await performPull({
        manifest: version.manifest, modelDigest: version.digest, folder: this.#folder, settings: this.#settings, signal, pins: new Map(pins.map((pin) => [pin.role, pin.sha256])),
        onState: (state) => { row.state = state; this.#keep(row); },
        onProgress: (received, total) => { row.received_bytes = received; row.total_bytes = total; rate.add(received); },
      });
      await this.#finish(version, row, actor, outcome);
      events.pullFinished(row.id, 'done', null, row.received_bytes, Math.round(performance.now() - start));
    } catch (error) {
      if (this.#closing) return; // it goes on at the next start
      const failure = failureOf(running.cancelledBy ? new PullFailure('cancelled', error) : error);
      if (running.cancelledBy) this.#folder.discardWork(version.digest);
      if (failure === 'unexpected') events.pullUnexpected(row.id, error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
      await this.#fail(row, running.cancelledBy ?? actor, failure).catch(() => undefined);
      events.pullFinished(row.id, 'failed', failure, row.received_bytes, Math.round(performance.now() - start));
    }
  }

  #keep(row: Row): void {
    void this.#storage.record((db) => db.updateTable('pulls').set({ state: row.state, received_bytes: row.received_bytes, total_bytes: row.total_bytes }).where('id', '=', row.id)
      .where('finished_at', 'is', null).execute()).catch(() => undefined);
  }

  async #finish(version: VersionRow, row: Row, actor: Actor, outcome: PullOutcome): Promise<void> {
    const finished = new Date().toISOString();
    const artifact = { artifact_digest: `sha256:${outcome.artifactSha256}`, artifact_size: outcome.artifactSize, pinned: outcome.pinned };
    await this.#storage.transact(actor, async (tx) => {
      await tx.updateTable('model_versions').set(artifact).where('digest', '=', version.digest).execute();
      for (const [role, sha256] of outcome.newPins) await tx.insertInto('pins').values({ model_digest: version.digest, role, sha256 }).onConflict((on) => on.doNothing()).execute();
      await tx.updateTable('pulls').set({ state: 'done', finished_at: finished, received_bytes: row.received_bytes, total_bytes: row.received_bytes }).where('id', '=', row.id).execute();
      return { result: undefined, entry: { kind: 'pull.finished', object: row.id, projectId: null, facts: { model: version.name, version: version.version, modelDigest: version.digest, artifactDigest: artifact.artifact_digest, pinned: outcome.pinned, bytes: row.received_bytes } } };
    });
    Object.assign(row, { state: 'done', finished_at: finished, total_bytes: row.received_bytes });
  }

  async #fail(row: Row, actor: Actor, failure: FailureCode): Promise<void> {
    const finished = new Date().toISOString();
    await this.#storage.transact(actor, async (tx) => {
      await tx.updateTable('pulls').set({ state: 'failed', failure, finished_at: finished, received_bytes: row.received_bytes }).where('id', '=', row.id).execute();
      return { result: undefined, entry: { kind: 'pull.failed', object: row.id, projectId: null, facts: { modelDigest: row.model_digest, failure } } };
    });
    Object.assign(row, { state: 'failed', failure, finished_at: finished });
  }
}
