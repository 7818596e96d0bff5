/** What an archive says of itself. It is written last, so that an archive with a manifest is whole. */
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '#contract/canonical-json.ts';
import { BackupId, Time } from '#contract/names.ts';
import { BackupError } from './backup-error.ts';
import { isMissing, writeFile } from './files.ts';

const Hex = z.string().regex(/^[0-9a-f]{64}$/);
const TableName = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
/** The one form of a path in an archive: none leads out of it. */
const Path = z.string().regex(/^(ca\.pem|tables\/[a-z][a-z0-9_]{0,62}\.ndjson|objects\/[\w-]{1,100}\/[\w-]{1,100}|models\/sha256\/[0-9a-f]{64})$/);

/** What is known of the database at the moment of the copy. */
export const Origin = z.strictObject({
  id: BackupId, takenAt: Time, version: z.string(), /** The newest migration. */ schema: z.string().regex(/^\d{4}-[a-z0-9-]{1,60}$/), postgres: z.string(),
  /** The log's name, its entries with the hash of the last, and the newest checkpoint with the key that verifies it. */
  ledger: z.strictObject({ log: z.string(), entries: z.int().min(0), head: Hex, checkpoint: z.string().nullable(), key: z.string().nullable() }),
  sequences: z.array(z.strictObject({ table: TableName, column: TableName, last: z.int(), called: z.boolean() })),
});
export type Origin = z.output<typeof Origin>;
export const Manifest = Origin.extend({
  format: z.literal('modelkeep/backup/1'),
  tables: z.array(z.strictObject({ name: TableName, rows: z.int().min(0) })),
  files: z.array(z.strictObject({ path: Path, bytes: z.int().min(0), sha256: Hex })),
});
export type Manifest = z.output<typeof Manifest>;
export const manifestName = 'manifest.json';
export const digestName = 'manifest.sha256';

export const digestOf = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
/** Installations are told apart by the object of the first entry. */
export const installationOf = ({ ledger }: Pick<Origin, 'ledger'>): string => ledger.log.split('/')[1] ?? '';

/** The digest, in the form that sha256sum checks, is there before the manifest is. @returns the digest of the manifest */
export async function writeManifest(folder: string, manifest: Manifest): Promise<string> {
  const text = canonicalJson(manifest);
  const digest = digestOf(text);
  await writeFile(join(folder, digestName), (file) => file.write(`${digest}  ${manifestName}\n`));
  await writeFile(join(folder, manifestName), (file) => file.write(text));
  return digest;
}

/** Undefined where there is none. @throws BackupError archive_damaged */
export async function readManifest(folder: string): Promise<{ manifest: Manifest; digest: string } | undefined> {
  let text: Buffer;
  try { text = await readFile(join(folder, manifestName)); } catch (error) { if (isMissing(error)) return undefined; throw error; }
  const digest = digestOf(text);
  const kept = await readFile(join(folder, digestName), 'utf8').catch(() => '');
  if (kept !== `${digest}  ${manifestName}\n`) throw new BackupError('archive_damaged', manifestName);
  try { return { manifest: Manifest.parse(JSON.parse(text.toString())), digest }; } catch (error) { throw new BackupError('archive_damaged', manifestName, error); }
}
