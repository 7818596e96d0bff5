/** The database as one file: `{header}`, a line `["TABLE",{row}]` each, `{trailer}` with counts and the digest of everything before it. */
import { canonicalJson } from '#contract/canonical-json.ts';
import { readTables } from '../storage/read-tables.ts';
import { describeDatabase } from './describe-database.ts';
import { writeFile } from './files.ts';
import { Step } from './progress.ts';

export interface ExportResult { id: string; place: string; takenAt: string; rows: number; bytes: number; digest: string }
export const exportFormat = 'modelkeep/export/1';

export async function exportFile(databaseUrl: string, place: string): Promise<ExportResult> {
  return await readTables(databaseUrl, async (snapshot) => {
    const origin = await describeDatabase(snapshot);
    const step = new Step('database', snapshot.tables.length);
    const rows: Record<string, number> = {};
    const { bytes, sha256 } = await writeFile(place, async (file) => {
      await file.write(`${canonicalJson({ format: exportFormat, ...origin, tables: snapshot.tables })}\n`);
      for (const table of snapshot.tables) {
        rows[table] = 0;
        for await (const lines of snapshot.rows(table)) {
          rows[table] += lines.length;
          await file.write(lines.map((line) => `["${table}",${line}]\n`).join(''));
        }
        step.add(1);
      }
      await file.write(`${canonicalJson({ rows, sha256: file.digest })}\n`);
    });
    return { id: origin.id, place, takenAt: origin.takenAt, rows: Object.values(rows).reduce((sum, count) => sum + count, 0), bytes, digest: `sha256:${sha256}` };
  });
}
