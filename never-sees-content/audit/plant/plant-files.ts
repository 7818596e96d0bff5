/** What becomes of a file after it was stored: read, in part too, by whom it is not for, deleted; and files that arrive in parts. What is not deleted here is stored while everything is searched. */
import { createHash } from 'node:crypto';
import { mostPartBytes } from '#contract/http/files.ts';
import { operations } from '#contract/operations.ts';
import { padded } from '../matrix/form-plan.ts';
import { auditProject } from './api.ts';
import { idOf, Journey } from './journey.ts';
import type { Planting } from './plant.ts';

const { createFile, fileContent, deleteFile, createUpload, addUploadPart, completeUpload, cancelUpload } = operations;

/** Rows that each purpose allows, and one that none does. */
const rows: Record<string, (canary: string) => object> = {
  'fine-tune': (canary) => ({ messages: [{ role: 'user', content: canary }, { role: 'assistant', content: canary }] }),
  batch: (canary) => ({ custom_id: canary, method: 'POST', url: '/v1/chat/completions', body: { model: 'audit', messages: [{ role: 'user', content: canary }] } }),
  evals: (canary) => ({ item: { question: canary } }),
};
const line = (row: object): string => `${JSON.stringify(row)}\n`;

/** Bytes: so many that their answer is left in the middle. */
const long = 8 << 20;
/** Bytes: a part of no more than this reads as one that is too large only when all of it has come. */
const aroundPart = 1000;

async function plantRows(files: Journey): Promise<void> {
  for (const [purpose, row] of Object.entries(rows)) {
    const good = files.cell(createFile, `request file (${purpose})`, 'complete');
    await files.store(createFile, line(row(good.canary)), purpose, good.cell);
    const bad = files.cell(createFile, `request file (${purpose})`, 'refused_by_rows');
    await files.store(createFile, `${line(row(bad.canary))}{"${bad.canary}": ${bad.canary}\n["${bad.canary}"]\n`, purpose, bad.cell);
  }
}

async function plantReading(files: Journey, operator: Journey): Promise<void> {
  const whole = files.cell(fileContent, 'answer', 'complete');
  const params = { file: await files.store(createFile, whole.canary) };
  const read = await files.ends(whole.cell, fileContent, { params });
  // An answer without it is none.
  if (read.body.toString() !== whole.canary) whole.cell.status = null;
  const part = files.cell(fileContent, 'answer, a part', 'complete');
  await files.ends(part.cell, fileContent, { params: { file: await files.store(createFile, padded(part.canary, 300_000)) }, headers: { range: 'bytes=0-99' } });
  const left = files.cell(fileContent, 'answer', 'aborted');
  await files.ends(left.cell, fileContent, { params: { file: await files.store(createFile, padded(left.canary, long)) } }, { abort: true });
  const refused = files.cell(fileContent, 'answer to the operator', 'refused_by_role');
  await operator.ends(refused.cell, fileContent, { params: { file: await files.store(createFile, refused.canary) } });
}

async function plantDeletion(files: Journey): Promise<void> {
  const { canary, cell } = files.cell(deleteFile, 'content of the file', 'deleted');
  await files.ends(cell, deleteFile, { params: { file: await files.store(createFile, padded(canary, 300_000)) } });
}

/** A file whose canary is whole only when its parts are put together, and one that is given up. */
async function plantUploads(files: Journey): Promise<void> {
  const whole = files.cell(completeUpload, 'content of the parts', 'complete');
  const text = [`${'audit '.repeat(1000)}${whole.canary.slice(0, 10)}`, `${whole.canary.slice(10)}${' audit'.repeat(1000)}`];
  const begin = async (bytes: number): Promise<string> => idOf(await files.send(createUpload, { body: { filename: 'audit.txt', purpose: 'user_data', bytes, mime_type: 'text/plain' } }));
  const add = async (upload: string, data: string): Promise<string> => idOf(await files.send(addUploadPart, { params: { upload }, body: { data } }));
  const upload = await begin(text.join('').length);
  const parts: string[] = [];
  for (const each of text) parts.push(await add(upload, each));
  await files.send(completeUpload, { params: { upload }, body: { part_ids: parts, md5: '0'.repeat(32) } });
  await files.ends(whole.cell, completeUpload, { params: { upload }, body: { part_ids: parts, md5: createHash('md5').update(text.join('')).digest('hex') } });
  const given = files.cell(cancelUpload, 'content of a part', 'cancelled');
  const cancelled = await begin(given.canary.length);
  await add(cancelled, given.canary);
  const tooLarge = files.cell(addUploadPart, 'request data', 'too_large');
  await files.ends(tooLarge.cell, addUploadPart, { params: { upload: cancelled }, body: { data: padded(tooLarge.canary, mostPartBytes + aroundPart) } });
  await files.ends(given.cell, cancelUpload, { params: { upload: cancelled }, body: {} });
}

/** @returns what could not be planted */
export async function plantFiles(planting: Planting): Promise<string[]> {
  const { doors, own } = planting;
  const files = new Journey(planting, doors.open, { authorization: `Bearer ${own.token}` });
  const operator = new Journey(planting, doors.local, { 'x-modelkeep-project': auditProject });
  await plantRows(files);
  await plantReading(files, operator);
  await plantDeletion(files);
  await plantUploads(files);
  return [...files.missed, ...operator.missed];
}
