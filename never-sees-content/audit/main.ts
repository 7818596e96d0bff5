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

const exitStatus = { passed: 0, failed: 1, interrupted: 130 } as const;

function tell({ passed, planted, leaks, positiveControl, durationS, checks, places }: Report, report: string): void {
  say({ result: {
    passed, cells: planted.cells, hits: leaks.length, positiveControlFound: positiveControl.found, durationS, report, failures: checks.filter(({ holds }) => !holds).map(({ check }) => check),
    notCovered: places.filter(({ required, state }) => required && state === 'not_covered').map(({ title, notCovered }) => `${title}: ${notCovered.join('; ')}`),
  } });
}

const interrupted = new Promise<never>((_resolve, reject) => { for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => reject(new AuditError('interrupted'))); });
interrupted.catch(() => undefined);

process.umask(0o077);
try {
  const config = readConfig(process.argv.slice(2));
  const report = reportOf(await audit(config.dataFolder, config.runFolder, interrupted));
  const folder = config.out ?? join(config.dataFolder, dataLayout.audits, report.startedAt.replaceAll(':', '-'));
  tell(report, await writeReport(report, folder, config));
  process.exit(report.passed ? exitStatus.passed : exitStatus.failed);
} catch (error) {
  say({ error: { code: error instanceof AuditError ? error.code : 'unexpected', message: error instanceof Error ? error.message : 'unknown' } });
  process.exit(error instanceof AuditError && error.code === 'interrupted' ? exitStatus.interrupted : exitStatus.failed);
}
