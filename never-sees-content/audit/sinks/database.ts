/** Every table of every schema, row by row: what lies compressed in the files is whole here. */
import { dumpTables } from '../../storage/dump.ts';
import type { Sink } from './sink.ts';

export const databaseDump: Sink = {
  id: 'database_dump', title: 'Every table of the database, row by row', place: 'database', required: true,
  search: async (search, { databaseUrl, embedded }) => {
    const tables = await dumpTables(databaseUrl, (table, text) => search.inText(`table ${table}`, text));
    // In a database of somebody else's, the tables of the system are not ours to read.
    const refused = tables.filter(({ name, refused: code }) => code !== null && (embedded || !/^(pg_catalog|information_schema)\./.test(name)));
    return refused.map(({ name, refused: code }) => `table ${name} (${code ?? ''})`);
  },
};
