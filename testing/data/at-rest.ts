/** What lies on an installation's disk of a project's files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { FileObject } from '#contract/http/files.ts';
import { dataLayout } from '#contract/installation.ts';
import type { Installation } from '../installation.ts';

export async function rows<T extends pg.QueryResultRow>({ run }: Installation, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ host: run, user: 'modelkeep', database: 'modelkeep' });
  await client.connect();
  try { return (await client.query<T>(text, values)).rows; } finally { await client.end(); }
}

export interface AtRest { object: string; project: string; kind: string; /** Path of the sealed bytes. */ bytes: string; /** Path of its two wrapped keys. */ keys: string }
interface ObjectRow { id: string; project_id: string; kind: string }
const placed = ({ data }: Installation, { id, project_id, kind }: ObjectRow): AtRest =>
  ({ object: id, project: project_id, kind, bytes: join(data, dataLayout.objects, project_id, id), keys: join(data, dataLayout.keys, 'data', project_id, `${id}.json`) });

export async function atRest(installation: Installation, { id }: Pick<FileObject, 'id'>): Promise<AtRest> {
  const [row] = await rows<ObjectRow>(installation, 'select o.id, o.project_id, o.kind from objects o join files f on f.object_id = o.id where f.id = $1', [id]);
  if (!row) throw new Error(`no object of ${id}`);
  return placed(installation, row);
}
export async function partsAtRest(installation: Installation, upload: string): Promise<AtRest[]> {
  return (await rows<ObjectRow>(installation, 'select o.id, o.project_id, o.kind from objects o join upload_parts p on p.object_id = o.id where p.upload_id = $1 order by p.created_at', [upload])).map((row) => placed(installation, row));
}

/** Paths of all files below a folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => { try { return statSync(path).isFile(); } catch { return false; } });
}
const nameOf = (path: string): string => path.split('/').at(-1)?.replace(/\.(json|writing)$/, '') ?? '';

/** Ids of objects: of which there are bytes, keys, rows. All three are the same where nothing is left behind and nothing is missing. */
export async function inventory(installation: Installation): Promise<{ bytes: string[]; keys: string[]; rows: string[] }> {
  const { data } = installation;
  return {
    bytes: filesBelow(join(data, dataLayout.objects)).map(nameOf).sort(), keys: filesBelow(join(data, dataLayout.keys, 'data')).map(nameOf).sort(),
    rows: (await rows<{ id: string }>(installation, 'select id from objects')).map(({ id }) => id).sort(),
  };
}

/** Waits until it holds. */
export async function until<T>(what: string, look: () => T | Promise<T>, { ms = 30_000, every = 50 } = {}): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + ms; ;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await sleep(every);
  }
}

/** Waits until bytes, keys and rows are of the same objects, and of as many as said. */
export async function settled(installation: Installation, objects: number, ms = 90_000): Promise<void> {
  let last = '';
  await until(`${objects} objects, and nothing else`, async () => {
    const found = await inventory(installation);
    last = JSON.stringify(found);
    return found.rows.length === objects && JSON.stringify(found.rows) === JSON.stringify(found.bytes) && JSON.stringify(found.rows) === JSON.stringify(found.keys);
  }, { ms, every: 200 }).catch((error: unknown) => { throw new Error(`${String(error)}: ${last}`); });
}

export const sizeOf = (path: string): number => statSync(path).size;
export const bytesOf = (path: string): Buffer => readFileSync(path);
