/**
 * Publishes the ledger: new entries become leaves of the tree, and each batch ends in a signed checkpoint. Tiles and checkpoint are one transaction, so whatever
 * stops it leaves the checkpoint before, whole; what was not published then is published at the next start. Tiles are derived from entries and never the reverse.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CustodyClient } from '../identity/custody-client.ts';
import { errorCodeOf, events } from '../server/events.ts';
import type { Recorder, Storage } from '../storage/storage.ts';
import { leafOf } from './leaf.ts';
import { logName } from './log-name.ts';
import { hashesAt, leafHash, rootOf, rootOfPerfect, split, tileWidth } from './merkle.ts';

const batchSize = 4096;
const patienceMs = [50, 200, 1000, 5000];

export class LedgerPublisher {
  readonly #storage: Storage;
  readonly #custody: Pick<CustodyClient, 'signCheckpoint'>;
  #running: Promise<void> | undefined;
  #wanted = false;
  #closing = false;

  constructor(storage: Storage, custody: Pick<CustodyClient, 'signCheckpoint'>) {
    this.#storage = storage;
    this.#custody = custody;
  }

  /** @throws KeysForeign where custody has another key than the one that signed before; Refusal where it does not answer */
  async checkKey(): Promise<void> {
    const last = await this.#storage.read((db) => db.selectFrom('ledger_checkpoints').selectAll().orderBy('size', 'desc').limit(1).executeTakeFirst());
    if (!last) return;
    const origin = last.note.slice(0, last.note.indexOf('\n'));
    const { verifierKey } = await this.#custody.signCheckpoint({ origin, size: last.size, root: last.root.toString('base64') });
    if (verifierKey !== last.verifier_key) throw new KeysForeign();
  }

  /** Publishes what is there, now and after every commit. */
  start(): void {
    this.#storage.onAppended = () => { void this.publish(); };
    void this.publish();
  }

  /** Resolves once everything that was committed before the call is published. Changes of one moment share a checkpoint. Goes on trying while database or custody are away. */
  async publish(): Promise<void> {
    this.#wanted = true;
    this.#running ??= this.#run().finally(() => { this.#running = undefined; });
    await this.#running;
  }

  async close(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.#wanted && !this.#closing;) {
      this.#wanted = false;
      try {
        while (await this.#extend() && !this.#closing);
        failures = 0;
      } catch (error) {
        if (failures === 0) events.ledgerDelayed(error instanceof Error ? error.name : 'unknown', errorCodeOf(error));
        this.#wanted = true;
        await sleep(patienceMs[Math.min(failures++, patienceMs.length - 1)]);
      }
    }
  }

  /** Publishes the next batch. @returns whether there may be more */
  async #extend(): Promise<boolean> {
    const { rows, size, origin, edge } = await this.#storage.read(async (db) => {
      const last = await db.selectFrom('ledger_checkpoints').select('size').orderBy('size', 'desc').limit(1).executeTakeFirst();
      const from = last?.size ?? 0;
      return {
        size: from,
        rows: await db.selectFrom('ledger_entries').selectAll().where('seq', '>', from).orderBy('seq').limit(batchSize).execute(),
        origin: await logName(db),
        edge: await Promise.all(levels(from + batchSize).map(async (level) => {
          const row = await db.selectFrom('ledger_tiles').select('hashes').where('level', '=', level).where('index', '=', Math.floor(hashesAt(level, from) / tileWidth)).executeTakeFirst();
          return row ? split(row.hashes) : [];
        })),
      };
    });
    if (rows.length === 0) return false;
    if (rows.some((row, i) => row.seq !== size + 1 + i)) throw new LedgerBroken();
    const changed = grow(size, edge, rows.map((row) => leafHash(leafOf(row))));
    const next = size + rows.length;
    const root = rootOf(next, edge);
    const { note, verifierKey } = await this.#custody.signCheckpoint({ origin, size: next, root: root.toString('base64') });
    await this.#storage.record((db) => db.transaction().execute((tx) => keep(tx as unknown as Recorder, changed, { size: next, root, note, verifier_key: verifierKey, at: new Date().toISOString() })));
    return rows.length === batchSize;
  }
}

/** The database belongs to another keys folder. */
export class KeysForeign extends Error { override readonly name = 'KeysForeign'; }

/** An entry is missing: nothing more can be published, and nothing false is. */
class LedgerBroken extends Error { override readonly name = 'LedgerBroken'; }

interface Tile { level: number; index: number; hashes: Buffer }

const levels = (size: number): number[] => Array.from({ length: 8 }, (_, level) => level).filter((level) => level === 0 || hashesAt(level, size) > 0);

/** Adds leaves to the edge of a tree of `size` leaves. @returns the tiles that changed; `edge` is changed in place */
function grow(size: number, edge: Buffer[][], leaves: Buffer[]): Tile[] {
  const changed = new Map<string, Tile>();
  const counts = edge.map((_, level) => hashesAt(level, size));
  const add = (level: number, hash: Buffer): void => {
    const hashes = edge[level] ??= [];
    const count = counts[level] ?? 0;
    hashes.push(hash);
    counts[level] = count + 1;
    const index = Math.floor(count / tileWidth);
    changed.set(`${level}/${index}`, { level, index, hashes: Buffer.concat(hashes) });
    if (hashes.length < tileWidth) return;
    edge[level] = [];
    add(level + 1, rootOfPerfect(hashes));
  };
  for (const leaf of leaves) add(0, leaf);
  return [...changed.values()];
}

async function keep(tx: Recorder, tiles: Tile[], checkpoint: { size: number; root: Buffer; note: string; verifier_key: string; at: string }): Promise<void> {
  // Its size is unique: of two writers only one goes on.
  await tx.insertInto('ledger_checkpoints').values(checkpoint).execute();
  for (const tile of tiles) await tx.insertInto('ledger_tiles').values(tile).onConflict((on) => on.columns(['level', 'index']).doUpdateSet({ hashes: tile.hashes })).execute();
}
