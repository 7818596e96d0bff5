/** The report as data: everything that the page shows, and every cell. No canary stands in it, nor anything that was found beside one. */
import { release } from 'node:os';
import { operations } from '#contract/operations.ts';
import type { Cell } from '../cell.ts';
import { version } from '../../server/version.ts';
import { cannotProve } from './cannot-prove.ts';
import type { Findings } from './findings.ts';
import { checks, judge } from './judge.ts';
import type { Check, Leak } from './judge.ts';

export interface Report {
  format: 'modelkeep-audit-report/1'; passed: boolean;
  /** RFC 3339 in UTC. */
  startedAt: string; finishedAt: string; durationS: number;
  versions: Record<string, string>; installation: Findings['installation'];
  checks: { check: Check; says: string; holds: boolean }[];
  leaks: Leak[];
  planted: { cells: number; operations: { operation: string; cells: number; fields: number; outcomes: Record<string, number> }[]; uncovered: string[]; notPlanted: Findings['planted']['notPlanted'] };
  positiveControl: { found: boolean; leaks: Findings['control'] };
  /** `hits`: canaries found; most stand where they may, such as the name of a deployment in the database. */
  places: { id: string; title: string; required: boolean; state: string; files: number; bytes: number; seconds: number; hits: number; notCovered: string[] }[];
  engine: Findings['engine']; outbound: Findings['outbound']; cannotProve: string[];
  cells: Omit<Cell, 'mayBeIn'>[];
}

const countBy = <T>(items: T[], key: (item: T) => string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1;
  return counts;
};

export function reportOf(findings: Findings): Report {
  const { since, until, installation, databaseVersion, cells, planted, control, results, engine, outbound } = findings;
  const verdict = judge(findings);
  const all = cells.all;
  const byOperation = Object.keys(operations).map((operation) => all.filter((cell) => cell.operation === operation)).filter((own) => own.length > 0);
  return {
    format: 'modelkeep-audit-report/1', passed: verdict.passed, startedAt: new Date(since).toISOString(), finishedAt: new Date(until).toISOString(), durationS: Math.round((until - since) / 100) / 10,
    versions: { modelkeep: version, node: process.versions.node, postgresql: databaseVersion, kernel: release() }, installation,
    checks: (Object.keys(checks) as Check[]).map((check) => ({ check, says: checks[check], holds: !verdict.failed.includes(check) })), leaks: verdict.leaks,
    planted: {
      cells: all.length, uncovered: verdict.uncovered, notPlanted: planted.notPlanted,
      operations: byOperation.map((own) => ({ operation: own[0]?.operation ?? '', cells: own.length, fields: new Set(own.map(({ field }) => field)).size, outcomes: countBy(own, ({ outcome, stream }) => `${outcome}${stream ? ' streamed' : ''}`) })),
    },
    positiveControl: { found: control.every(({ found }) => found), leaks: control },
    places: results.map(({ id, title, required, state, files, bytes, seconds, hits, notCovered }) => ({ id, title, required, state, files, bytes, seconds, hits: hits.length, notCovered })),
    engine, outbound, cannotProve: cannotProve(findings), cells: all.map(({ mayBeIn: _mayBeIn, ...cell }) => cell),
  };
}
