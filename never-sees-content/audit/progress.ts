/** What the audit says while it works: a JSON line each, which the command line shows to a person. */
import { writeSync } from 'node:fs';

export type Said = { step: string; done: number; total: number } | { result: Result } | { error: { code: string; message: string } };
/** `durationS`: seconds. `report`: path of the report for people. */
export interface Result { passed: boolean; cells: number; hits: number; positiveControlFound: boolean; durationS: number; report: string; failures: string[]; notCovered: string[] }

export function say(said: Said): void {
  try { writeSync(1, `${JSON.stringify(said)}\n`); } catch { /* nobody listens */ }
}

/** Says how far a step is, a few times a second at most. */
export function stepper(step: string): (done: number, total: number) => void {
  let last = 0;
  return (done, total) => {
    if (done < total && performance.now() - last < 200) return;
    last = performance.now();
    say({ step, done, total });
  };
}
