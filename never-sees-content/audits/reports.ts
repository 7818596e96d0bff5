/** Reports that audits have left in the data folder, whoever ran them. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Audit } from '#contract/http/audits.ts';
import { dataLayout } from '#contract/installation.ts';
import { AuditId } from '#contract/names.ts';
import type { ResponseOf } from '#contract/operation.ts';
import type { operations } from '#contract/operations.ts';
import type { Report } from '../audit/report/report.ts';

/** How many are listed. */
const most = 200;
const folderOf = (dataFolder: string, id: string): string => join(dataFolder, dataLayout.audits, id);

/** Ids of the newest reports, newest first. */
export async function reportIds(dataFolder: string): Promise<string[]> {
  const names = await readdir(join(dataFolder, dataLayout.audits)).catch(() => []);
  return names.filter((name) => AuditId.safeParse(name).success).sort().reverse().slice(0, most);
}

/** A report never changes: what was read of it once is kept. */
const summaries = new Map<string, Audit>();

/** @returns undefined where there is no report, or not one of ours */
export async function readSummary(dataFolder: string, id: string): Promise<Audit | undefined> {
  const path = join(folderOf(dataFolder, id), 'report.json');
  const known = summaries.get(path);
  if (known) return known;
  try {
    const text = await readFile(path, 'utf8');
    const audit = summaryOf(id, JSON.parse(text) as Report, createHash('sha256').update(text).digest('hex'));
    summaries.set(path, audit);
    return audit;
  } catch { return undefined; }
}

function summaryOf(id: string, { passed, startedAt, finishedAt, durationS, planted, leaks, places, positiveControl, checks }: Report, sha256: string): Audit {
  return {
    id, state: passed ? 'passed' : 'failed', startedAt, finishedAt, steps: [], failure: null,
    summary: {
      cells: planted.cells, operations: planted.operations.length, leaks: leaks.length, places: places.length, bytes: places.reduce((sum, place) => sum + place.bytes, 0), durationS,
      positiveControlFound: positiveControl.found, failures: checks.filter(({ holds }) => !holds).map(({ says }) => says), reportDigest: `sha256:${sha256}`,
    },
  };
}

type Texts = ResponseOf<typeof operations.showAuditReport>;

/** @returns undefined where there is no report */
export async function readTexts(dataFolder: string, id: string): Promise<Texts | undefined> {
  const read = async (name: string): Promise<string | undefined> => await readFile(join(folderOf(dataFolder, id), name), 'utf8').catch(() => undefined);
  const report = await read('report.json');
  if (report === undefined) return undefined;
  return { report, page: await read('report.html') ?? null, signature: signatureOf(await read('report.json.sig')) };
}

function signatureOf(text: string | undefined): Texts['signature'] {
  try { return JSON.parse(text ?? '') as Texts['signature']; } catch { return null; }
}
