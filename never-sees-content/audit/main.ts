/** The process of `modelkeep audit`. Its canaries are its own: it never sees what a customer said. */
import { join } from 'node:path';
import { dataLayout } from '#contract/installation.ts';
import { audit } from './audit.ts';
import { AuditError } from './audit-error.ts';
import { readConfig } from './config.ts';
import { say } from './progress.ts';
import { reportOf } from './report/report.ts';
import type { Report } from './report/report.ts';
import { writeReport } from './report/write-report.ts';

const exitStatus = { passed: 0, failed: 1 } as const;

function tell({ passed, planted, leaks, positiveControl, durationS, checks, places }: Report, report: string): void {
  say({ result: {
    passed, cells: planted.cells, hits: leaks.length, positiveControlFound: positiveControl.found, durationS, report, failures: checks.filter(({ holds }) => !holds).map(({ check }) => check),
    notCovered: places.filter(({ required, state }) => required && state === 'not_covered').map(({ title, notCovered }) => `${title}: ${notCovered.join('; ')}`),
  } });
}

process.umask(0o077);
try {
  const config = readConfig(process.argv.slice(2));
  const report = reportOf(await audit(config.dataFolder, config.runFolder));
  const folder = config.out ?? join(config.dataFolder, dataLayout.audits, report.startedAt.replaceAll(':', '-'));
  tell(report, await writeReport(report, folder, config.runFolder));
  process.exit(report.passed ? exitStatus.passed : exitStatus.failed);
} catch (error) {
  say({ error: { code: error instanceof AuditError ? error.code : 'unexpected', message: error instanceof Error ? error.message : 'unknown' } });
  process.exit(exitStatus.failed);
}
