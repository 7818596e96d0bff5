/** Has the newest checkpoint cosigned by the configured witnesses. Publishing does not wait for them: a witness that is away cosigns what is newest when it is back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { events } from '../server/events.ts';
import type { Storage } from '../storage/storage.ts';
import { askWitness, WitnessRefused } from './ask-witness.ts';
import { consistencyPath, tilesOf } from './prove.ts';
import type { Witness } from './witness-list.ts';

/** Milliseconds to wait after failures in a row. */
const patienceMs = [500, 2000, 10_000, 60_000];

export class Witnesses {
  readonly #storage: Storage;
  readonly #following: { witness: Witness; wanted: boolean; running: Promise<void> | undefined }[];
  readonly #controller = new AbortController();

  constructor(storage: Storage, witnesses: Witness[]) {
    this.#storage = storage;
    this.#following = witnesses.map((witness) => ({ witness, wanted: false, running: undefined }));
  }

  /** Tells every witness of the newest checkpoint, now or after what is under way. */
  published(): void {
    for (const each of this.#following) {
      each.wanted = true;
      each.running ??= this.#follow(each).finally(() => { each.running = undefined; });
    }
  }

  async close(): Promise<void> {
    this.#controller.abort();
    for (const { running } of this.#following) await running;
  }

  async #follow(each: { witness: Witness; wanted: boolean }): Promise<void> {
    const { signal } = this.#controller;
    for (let failures = 0; each.wanted && !signal.aborted;) {
      each.wanted = false;
      try {
        await this.#cosign(each.witness);
        failures = 0;
      } catch (error) {
        if (failures === 0) events.witnessRefused(error instanceof WitnessRefused ? error.status : 0);
        each.wanted = true;
        await sleep(patienceMs[Math.min(failures++, patienceMs.length - 1)], undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #cosign(witness: Witness): Promise<void> {
    const known = await this.#storage.read((db) => db.selectFrom('ledger_witnesses').select('size').where('name', '=', witness.name).executeTakeFirst());
    try { await this.#ask(witness, known?.size ?? 0); } catch (error) {
      // It has seen another one than we remember: the proof begins there.
      if (!(error instanceof WitnessRefused) || error.size === undefined) throw error;
      await this.#ask(witness, error.size);
    }
  }

  async #ask(witness: Witness, old: number): Promise<void> {
    const { note, size, path, done } = await this.#storage.read(async (db) => {
      const newest = await db.selectFrom('ledger_checkpoints').select(['note', 'cosignatures', 'size']).orderBy('size', 'desc').limit(1).executeTakeFirstOrThrow();
      if (old > newest.size) throw new WitnessRefused(409);
      return { ...newest, done: newest.cosignatures.includes(`\u2014 ${witness.name} `), path: old === 0 || old === newest.size ? [] : await consistencyPath(tilesOf(db), old, newest.size) };
    });
    if (done) return;
    const lines = await askWitness(witness, note, old, path);
    await this.#storage.record(async (db) => {
      await db.updateTable('ledger_checkpoints').set({ cosignatures: sql<string>`cosignatures || ${lines}::text` }).where('size', '=', size).execute();
      await db.insertInto('ledger_witnesses').values({ name: witness.name, size }).onConflict((on) => on.column('name').doUpdateSet({ size })).execute();
    });
    events.checkpointCosigned(size);
  }
}
