/** Runs the audit on an installation and reads its report. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '#control/audit/report/report.ts';
import type { Installation } from '../installation.ts';

export interface Audited { code: number; passed: boolean; cells: number; hits: number; positiveControlFound: boolean; durationS: number; report: Report; page: string; path: string }

/** The report's signature and digest are checked, and that it repeats no canary. */
export async function audited(installation: Installation, ...args: string[]): Promise<Audited> {
  const { code, stdout, stderr } = await installation.cli('audit', '--json', ...args);
  const said = JSON.parse(stdout) as Omit<Audited, 'report' | 'page' | 'path' | 'code'> & { report?: string };
  assert.ok(said.report !== undefined, stdout + stderr);
  const folder = join(said.report, '..');
  const bytes = readFileSync(join(folder, 'report.json'));
  const { publicKey, signature, sha256 } = JSON.parse(readFileSync(join(folder, 'report.json.sig'), 'utf8')) as { publicKey: string; signature: string; sha256: string };
  assert.equal(sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.ok(verify(null, Buffer.from(sha256, 'hex'), createPublicKey(publicKey), Buffer.from(signature, 'base64')));
  const page = readFileSync(said.report, 'utf8');
  assert.doesNotMatch(bytes.toString() + page, /mkcanary[a-z0-9]{12}/i);
  return { ...said, code, report: JSON.parse(bytes.toString()) as Report, page, path: said.report };
}
