/** What is remembered of an upload in parts: never what stands in the file. */
import { z } from 'zod';
import { FilePurpose } from '#contract/http/files.ts';
import { PartId, UploadId } from '#contract/names.ts';
import { ProcessMark } from '../running.ts';
import type { Placing } from './send-file.ts';
import type { SourceFile } from './source-file.ts';

export const UploadRecord = z.object({
  upload: UploadId, path: z.string(), bytes: z.int(), modified: z.string(), purpose: FilePurpose, datastore: z.string().nullable(), partBytes: z.int().min(1),
  /** Which ones have arrived: `at` is a part's place in the file, from 0. */
  parts: z.array(z.object({ at: z.int().min(0), id: PartId, bytes: z.int() })),
  process: ProcessMark,
});
export type UploadRecord = z.output<typeof UploadRecord>;

/** Why what has arrived is of no use for this file and wish; undefined where it is. */
export function difference(record: UploadRecord, source: SourceFile, { purpose, datastore }: Placing): string | undefined {
  if (record.bytes !== source.bytes || record.modified !== source.modified) return 'The file has changed since: the upload starts anew.';
  if (record.purpose !== purpose || record.datastore !== (datastore ?? null)) return 'It was begun for another purpose or datastore: the upload starts anew.';
  return undefined;
}
export const partCount = ({ bytes, partBytes }: Pick<UploadRecord, 'bytes' | 'partBytes'>): number => Math.ceil(bytes / partBytes);
export const partLength = ({ bytes, partBytes }: UploadRecord, at: number): number => Math.min(partBytes, bytes - at * partBytes);
export const arrivedBytes = ({ parts }: UploadRecord): number => parts.reduce((sum, part) => sum + part.bytes, 0);
