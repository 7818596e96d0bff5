/** The newest version of every model, in memory. Whoever changes a model says so after the commit; who reads afterwards sees it, since what was named is read again first. */
import { sql } from 'kysely';
import type { ModelManifest } from '#contract/http/models.ts';
import type { Reader, Storage } from '../../storage/storage.ts';
import { pullStates, viewSummary } from '../view-model.ts';
import { entryOf } from './entry.ts';
import type { Entry } from './entry.ts';
import { find } from './find.ts';
import type { Filters, Found } from './find.ts';
import { inOrder } from './order.ts';
import type { Sort } from './order.ts';

/** So many changed models are as well read with all the others. */
const many = 1000;
/** Searches whose results are kept until a model changes. */
const kept = 32;

export class CatalogIndex {
  readonly #storage: Storage;
  readonly #entries = new Map<string, Entry>();
  readonly #ordered = new Map<Sort, Entry[]>();
  /** The latest searches: the pages of one search are asked for one after the other. */
  readonly #found = new Map<string, Found>();
  /** Names of models that may have changed since they were read. */
  #changed = new Set<string>();
  #all = true;
  #reading: Promise<void> | undefined;

  constructor(storage: Storage) { this.#storage = storage; }

  changed(name: string): void { this.#changed.add(name); }

  /** What matches, as it was committed when this was called or later. */
  async find(sort: Sort, filters: Filters): Promise<Found> {
    const key = JSON.stringify([sort, filters]);
    while (this.#reading || this.#all || this.#changed.size > 0) {
      this.#reading ??= this.#readAgain().finally(() => { this.#reading = undefined; });
      await this.#reading;
    }
    const known = this.#found.get(key);
    if (known) return known;
    const ordered = this.#ordered.get(sort) ?? inOrder(this.#entries.values(), sort);
    this.#ordered.set(sort, ordered);
    const found = find(ordered, filters);
    const [oldest] = this.#found.size < kept ? [] : this.#found.keys();
    if (oldest !== undefined) this.#found.delete(oldest);
    this.#found.set(key, found);
    return found;
  }

  async #readAgain(): Promise<void> {
    const names = this.#changed;
    const all = this.#all || names.size > many;
    [this.#all, this.#changed] = [false, new Set()];
    try {
      const read = await this.#storage.read((db) => entriesOf(db, all ? undefined : [...names]));
      for (const entry of read) this.#entries.set(entry.summary.name, entry);
      this.#ordered.clear();
      this.#found.clear();
    } catch (error) {
      // What could not be read is still to be read.
      this.#all ||= all;
      for (const name of names) this.#changed.add(name);
      throw error;
    }
  }
}

/** Without the cards: they are most of a manifest, and no list shows them. */
async function entriesOf(db: Reader, names: string[] | undefined): Promise<Entry[]> {
  const rows = await db.selectFrom('model_versions').select(['name', 'version', 'digest', 'artifact_digest', 'position', sql<ModelManifest>`manifest - 'card'`.as('manifest')])
    .$if(names !== undefined, (select) => select.where('name', 'in', names ?? [])).distinctOn('name').orderBy('name').orderBy('position', 'desc').execute();
  const states = await pullStates(db, names === undefined ? undefined : rows.map(({ digest }) => digest));
  return rows.map((row) => entryOf(viewSummary(row, states), row.position));
}
