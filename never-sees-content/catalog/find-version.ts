/** A model version by name, the newest import unless one is named. */
import type { Selectable } from 'kysely';
import type { Reader } from '../storage/storage.ts';
import type { CatalogTables } from './tables.ts';

export type VersionRow = Selectable<CatalogTables['model_versions']>;

export async function findVersion(db: Reader, name: string, version?: string): Promise<VersionRow | undefined> {
  return await db.selectFrom('model_versions').selectAll().where('name', '=', name)
    .$if(version !== undefined, (select) => select.where('version', '=', version ?? '')).orderBy('position', 'desc').limit(1).executeTakeFirst();
}
