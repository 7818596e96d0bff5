/** Starts the audit as a process of its own, in the room that may search the machine, and follows what it says. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { runFolderOf } from '../environment.ts';

/** `durationS`: seconds. `report`: path of the page. */
export interface AuditResult { passed: boolean; cells: number; hits: number; positiveControlFound: boolean; durationS: number; report: string; failures: string[]; notCovered: string[] }
export type AuditOutcome = { result: AuditResult } | { error: { code: string; message: string } };
type Said = AuditOutcome | { step: string; done: number; total: number };

const main = fileURLToPath(new URL('../../../never-sees-content/audit/main.ts', import.meta.url));

/** `out`: folder for the report, where one was asked for. */
export async function runAudit({ dataFolder, out }: { dataFolder: string; out: string | undefined }, onStep: (step: string, done: number, total: number) => void): Promise<AuditOutcome> {
  const child = spawn(process.execPath, ['--no-warnings', main, '--data', dataFolder, '--run', runFolderOf(dataFolder), ...(out === undefined ? [] : ['--out', resolve(out)])], { stdio: ['ignore', 'pipe', 'inherit'] });
  let outcome: AuditOutcome = { error: { code: 'unexpected', message: 'it ended without a word' } };
  for await (const text of createInterface({ input: child.stdout })) {
    const said = JSON.parse(text) as Said;
    if ('step' in said) onStep(said.step, said.done, said.total); else outcome = said;
  }
  return outcome;
}
