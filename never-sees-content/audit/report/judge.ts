/** The verdict: named checks, each of which must hold. A check that could not be made has failed. */
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Cell } from '../cell.ts';
import type { Findings } from './findings.ts';

export const checks = {
  no_canary_kept: 'No canary was found where it may not be.',
  leaks_of_our_own_found: 'The search found every leak that the audit planted itself.',
  all_operations_planted: 'Every operation of the contract was planted, none of them failed, and each that carries content was answered with a canary in it.',
  all_required_places_searched: 'Every required place could be searched whole.',
  engine_received_no_more: 'An external engine was sent the fields that a model needs, and nothing else.',
  destinations_declared: 'While canaries were planted, no process of the installation had a connection to an address that nobody declared.',
} as const;
export type Check = keyof typeof checks;

/** A canary where it may not be. `place` never shows the canary itself. */
export interface Leak { sink: string; place: string; spelling: string; cell: string; operation: string; field: string; mark: string; outcome: string; stream: boolean; engine: string }
export interface Verdict { passed: boolean; failed: Check[]; leaks: Leak[]; uncovered: string[] }

export function leaksOf({ results, cells }: Findings): Leak[] {
  return results.flatMap(({ id, place: kind, hits }) => hits.flatMap(({ text, place, spelling }): Leak[] => {
    const cell = cells.of(text);
    if (!cell || cell.mayBeIn.includes(kind)) return [];
    const { operation, field, mark, outcome, stream, engine } = cell;
    return [{ sink: id, place: place.replaceAll(text, '[canary]'), spelling, cell: cell.id, operation, field, mark, outcome, stream, engine }];
  }));
}

const answered = ({ outcome, status }: Cell): boolean => outcome === 'complete' && status === 200;

/** Operations that failed where they should have answered or refused: nothing is shown by what they did not do. */
const failing = ({ cells }: Findings): string[] => [...new Set(cells.all.filter(({ status }) => status === 500).map(({ operation }) => `${operation}: failed`))];

/** Operations with content that were never answered in full with a canary in the request, streamed too where they can. */
function unanswered({ cells }: Findings): string[] {
  const done = cells.all.filter(answered);
  return (Object.values(operations) as Operation[]).filter(carriesContent)
    .filter(({ id, event }) => !done.some((cell) => cell.operation === id && !cell.stream) || (event && !done.some((cell) => cell.operation === id && cell.stream))).map(({ id }) => id);
}

export function judge(findings: Findings): Verdict {
  const { control, results, planted, engine, outbound } = findings;
  const leaks = leaksOf(findings);
  const uncovered = [...new Set([...planted.uncovered, ...unanswered(findings), ...failing(findings)])];
  const holds: Record<Check, boolean> = {
    no_canary_kept: leaks.length === 0,
    leaks_of_our_own_found: control.length > 0 && control.every(({ found }) => found),
    all_operations_planted: uncovered.length === 0,
    all_required_places_searched: results.every(({ required, state }) => !required || state === 'searched'),
    engine_received_no_more: engine.requests > 0 && engine.surplus.length === 0,
    destinations_declared: outbound.looks > 0 && outbound.sawOwnEngine && outbound.unread.every(({ name }) => name === 'worker') && outbound.destinations.every(({ declaredAs }) => declaredAs !== null),
  };
  const failed = (Object.keys(checks) as Check[]).filter((check) => !holds[check]);
  return { passed: failed.length === 0, failed, leaks, uncovered };
}
