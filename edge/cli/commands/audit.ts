import type { Command } from '../command.ts';
import { runAudit } from '../audit/run-audit.ts';
import type { AuditResult } from '../audit/run-audit.ts';
import { notRunning } from '../connection.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { askSupervisor } from '../supervisor-client.ts';
import { bold, count, dim, line, mark, Progress } from '../terminal.ts';

const failures: Record<string, string> = {
  no_canary_kept: 'planted content was found where it may not be', leaks_of_our_own_found: 'the search missed a leak that the audit planted itself',
  all_operations_planted: 'an operation of the contract could not be planted', all_required_places_searched: 'a required place could not be searched',
  engine_received_no_more: 'an external engine was sent more than a model needs', destinations_declared: 'a process had a connection that nobody declared, or connections could not be seen',
};

function tell(result: AuditResult): void {
  line(`${mark(result.passed)} ${bold(result.passed ? 'Passed' : 'Failed')}  ${count(result.cells)} canaries planted, ${count(result.hits)} found where they may not be  ${dim(`${result.durationS} s`)}`);
  for (const failure of result.failures) line(`  ${mark(false)} ${failures[failure] ?? failure}`);
  for (const each of result.notCovered) line(dim(`      ${each}`));
  line(`\n${result.report}`);
}

function refusal({ code, message }: { code: string; message: string }, data: string | undefined): CliError {
  switch (code) {
    case 'not_running': return notRunning(data);
    case 'already_running': return new CliError(code, 'An audit of this installation is under way.', exitCodes.conflict);
    default: return new CliError(code, `The audit could not be made: ${message}`);
  }
}

export const audit: Command = {
  summary: 'Audit the installation on this machine: plant canaries through every route, then search every byte that it keeps or sends',
  options: { out: { type: 'string', short: 'o', help: 'folder for the report (DATA/audits/TIME)' } },
  examples: ['modelkeep audit', 'modelkeep audit --json', 'modelkeep audit -o /srv/reports/today'],
  run: async (context) => {
    // The data folder as its supervisor knows it: the option may be a link to it.
    const { dataFolder } = await askSupervisor<{ dataFolder: string }>(context.data, '/status');
    const progress = new Map<string, Progress>();
    const outcome = await runAudit({ dataFolder, out: context.text('out') }, (step, done, total) => {
      if (context.json) return;
      const shown = progress.get(step) ?? new Progress(step);
      progress.set(step, shown);
      shown.showShare(done, total);
    });
    for (const shown of progress.values()) shown.end();
    if ('error' in outcome) throw refusal(outcome.error, context.data);
    context.print(outcome.result, () => tell(outcome.result));
    if (!outcome.result.passed) process.exitCode = exitCodes.failed;
  },
};
