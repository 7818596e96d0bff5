/** Named checks in order: the first that fails ends them. */
import { VerificationFailure } from './failure.ts';
import type { Failure } from './failure.ts';

export interface Check { check: string; passed: boolean; code?: Failure }
export interface Verdict { passed: boolean; checks: Check[]; /** What holds, in a sentence. */ holds?: string }
export type Run = <T>(name: string, work: () => T | Promise<T>) => Promise<T>;

/** @throws VerificationFailure */
export function holds(condition: boolean, code: Failure): void { if (!condition) throw new VerificationFailure(code); }

/** Never rejects for what it was given to check. `work` returns what holds. `onCheck` gets each check when it is decided. */
export async function runChecks(work: (check: Run) => Promise<string>, onCheck: (check: Check) => void = () => undefined): Promise<Verdict> {
  const checks: Check[] = [];
  const decided = (check: Check): void => { checks.push(check); onCheck(check); };
  try {
    const sentence = await work(async (name, one) => {
      try {
        const result = await one();
        decided({ check: name, passed: true });
        return result;
      } catch (error) {
        if (error instanceof VerificationFailure) decided({ check: name, passed: false, code: error.code });
        throw error;
      }
    });
    return { passed: true, checks, holds: sentence };
  } catch (error) {
    if (!(error instanceof VerificationFailure)) throw error;
    // A member between two checks that is not what its format asks for.
    if (checks.at(-1)?.passed !== false) decided({ check: 'the file has the members of its format', passed: false, code: error.code });
    return { passed: false, checks };
  }
}
