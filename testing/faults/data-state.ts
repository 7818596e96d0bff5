/** What an installation has of customers' data, on its disk and in its database, and what of it should not be there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dataLayout } from '#contract/installation.ts';
import type { Installation } from '../installation.ts';

interface ObjectRow { id: string; project_id: string; state: string; file: string | null; part: string | null }
interface DataKeyRecord { platform: { version: number }; customer: { by: string; version?: number } }

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
const foldersIn = (folder: string): string[] => namesIn(folder).map((name) => join(folder, name));

export class DataState {
  readonly #installation: Installation;
  constructor(installation: Installation) { this.#installation = installation; }

  get #keys(): string { return join(this.#installation.data, dataLayout.keys); }
  objectFile(project: string, object: string): string { return join(this.#installation.data, dataLayout.objects, project, object); }
  keyFile(project: string, object: string): string { return join(this.#keys, 'data', project, `${object}.json`); }
  keyFiles(project: string): string[] { return foldersIn(join(this.#keys, 'data', project)).filter((path) => path.endsWith('.json')); }
  versions(project: string, chain: 'platform' | 'stand_in'): number[] { return namesIn(join(this.#keys, 'platform', project, chain)).filter((name) => name.endsWith('.json')).map((name) => parseInt(name, 10)).sort((a, b) => a - b); }

  /** One connection to the embedded database, for `work`. */
  async sql<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ host: this.#installation.run, user: 'modelkeep', database: 'modelkeep' });
    client.on('error', () => undefined); // the server may be killed under it
    await client.connect();
    try { return await work(client); } finally { await client.end().catch(() => undefined); }
  }

  /** Lines of the logs about errors that have no code of the contract. */
  unexpected(): string[] {
    return foldersIn(join(this.#installation.data, dataLayout.logs)).flatMap((path) => readFileSync(path, 'utf8').split('\n')).filter((line) => /"event":"(unexpected|failed|refused)"|"code":"internal_error"/.test(line));
  }

  /** What should not be so while nobody does anything: one line each. */
  async faults(): Promise<string[]> {
    return await this.sql(async (client) => {
      const objects = (await client.query<ObjectRow>('select o.id, o.project_id, o.state, f.id file, p.id part from objects o left join files f on f.object_id = o.id left join upload_parts p on p.object_id = o.id')).rows;
      const unfinished = (await client.query<{ line: string }>(`
        select 'file ' || id || ' is ' || state line from files where state <> 'ready' union all select 'deletion of ' || object || ' has no certificate' from deletions union all
        select 'part ' || p.id || ' of an upload that is ' || u.state from upload_parts p join uploads u on u.id = p.upload_id where u.state <> 'pending'`)).rows.map(({ line }) => line);
      return [...unfinished, ...this.#objectFaults(objects), ...this.#leftOnDisk(new Set(objects.map(({ id }) => id))), ...this.#rotationFaults()];
    });
  }

  #objectFaults(objects: ObjectRow[]): string[] {
    return objects.flatMap(({ id, project_id: project, state, file, part }) => [
      ...(state === 'stored' ? [] : [`object ${id} is ${state}`]), ...(file === null && part === null ? [`object ${id} is of no file and no part`] : []),
      ...(existsSync(this.objectFile(project, id)) ? [] : [`object ${id} has no bytes`]), ...(existsSync(this.keyFile(project, id)) ? [] : [`object ${id} has no keys`]),
    ]);
  }

  #leftOnDisk(objects: Set<string>): string[] {
    const bytes = namesIn(join(this.#installation.data, dataLayout.objects)).flatMap((project) => namesIn(join(this.#installation.data, dataLayout.objects, project))).filter((name) => !objects.has(name)).map((name) => `bytes ${name} without a row`);
    const keys = readdirSync(this.#keys, { recursive: true, encoding: 'utf8' });
    return [
      ...bytes, ...keys.filter((path) => path.includes('.making-')).map((path) => `unfinished ${path}`),
      ...keys.filter((path) => /^data\/.*\.json$/.test(path)).filter((path) => !objects.has(path.replace(/^.*\/(.*)\.json$/, '$1'))).map((path) => `keys ${path} without a row`),
    ];
  }

  /** Every data key is wrapped by the newest versions, and older ones are destroyed. */
  #rotationFaults(): string[] {
    return namesIn(join(this.#keys, 'data')).flatMap((project) => {
      const [platform, standIn] = [this.versions(project, 'platform'), this.versions(project, 'stand_in')];
      const old = this.keyFiles(project).filter((path) => {
        const record = JSON.parse(readFileSync(path, 'utf8')) as DataKeyRecord;
        return record.platform.version !== platform.at(-1) || record.customer.version !== standIn.at(-1);
      });
      return [...(platform.length > 1 || standIn.length > 1 ? [`old versions: platform ${String(platform)}, stand_in ${String(standIn)}`] : []), ...old.map((path) => `${path} is wrapped by an old version`)];
    });
  }
}
