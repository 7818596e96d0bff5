import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '#contract/http/audits.ts';
import { operations } from '#contract/operations.ts';
import type { Command, Context } from '../command.ts';
import { CliError, exitCodes } from '../exit-codes.ts';
import { bytes, count, dim, duration, line, mark, Progress, table } from '../terminal.ts';

const inShort = ({ summary, failure, state }: Audit): string => (summary ? `${count(summary.cells)} canaries, ${count(summary.leaks)} leaks, ${bytes(summary.bytes)} searched` : failure ?? state);

const list: Command = {
  summary: 'List the audits of the installation', examples: ['modelkeep audits list'],
  run: async (context) => {
    const result = await context.client.call(operations.listAudits);
    context.print(result, () => line(result.data.length === 0 ? 'No audit yet. Make one: modelkeep audits start' : table(['AUDIT', 'STATE', ''], result.data.map((audit) => [audit.id, audit.state, inShort(audit)]))));
  },
};

function tell(audit: Audit): void {
  line(`${mark(audit.state === 'passed')} ${audit.id}  ${audit.state}  ${inShort(audit)}${audit.summary ? dim(`  ${duration(audit.summary.durationS)}`) : ''}`);
  for (const failure of audit.summary?.failures ?? []) line(`  ${mark(false)} does not hold: ${failure}`);
}
const endsBadly = ({ state }: Audit): boolean => state === 'failed' || state === 'unfinished';

const start: Command = {
  summary: 'Start an audit of the installation, and wait for it', options: { 'no-wait': { type: 'boolean', help: 'return as soon as it has started' } }, examples: ['modelkeep audits start', 'modelkeep audits start --no-wait --json'],
  run: async (context) => {
    let audit = await context.client.call(operations.startAudit);
    if (!context.flag('no-wait')) audit = await follow(context, audit);
    context.print(audit, () => tell(audit));
    if (endsBadly(audit)) process.exitCode = exitCodes.failed;
  },
};

async function follow(context: Context, started: Audit): Promise<Audit> {
  const shown = new Map<string, Progress>();
  for (let audit = started; ; await sleep(300)) {
    audit = await context.client.callPatiently(operations.showAudit, { params: { audit: started.id } });
    if (!context.json) {
      for (const { step, done, total } of audit.steps) {
        if (total === 0) continue;
        const bar = shown.get(step) ?? new Progress(step);
        if (!shown.has(step)) for (const before of shown.values()) before.end();
        shown.set(step, bar);
        if (done < total || step === audit.steps.at(-1)?.step) bar.showShare(done, total);
      }
    }
    if (audit.state !== 'running') { for (const bar of shown.values()) bar.end(); return audit; }
  }
}

const show: Command = {
  summary: 'Show an audit: how far it is, or what it came to', args: ['AUDIT'], examples: ['modelkeep audits show 2026-11-26T08-30-00.000Z'],
  run: async (context) => {
    const audit = await context.client.call(operations.showAudit, { params: { audit: context.args[0] ?? '' } });
    context.print(audit, () => tell(audit));
  },
};

const report: Command = {
  summary: 'Write the report of an audit, as JSON or with --page as a page', args: ['AUDIT'],
  options: { output: { type: 'string', short: 'o', help: 'file to write; the terminal unless given' }, page: { type: 'boolean', help: 'the page for people' }, signature: { type: 'boolean', help: 'the signature of the JSON' } },
  examples: ['modelkeep audits report 2026-11-26T08-30-00.000Z -o report.json', 'modelkeep audits report 2026-11-26T08-30-00.000Z --page -o report.html'],
  run: async (context) => {
    const texts = await context.client.call(operations.showAuditReport, { params: { audit: context.args[0] ?? '' } });
    const wanted = context.flag('page') ? texts.page : context.flag('signature') ? texts.signature && `${JSON.stringify(texts.signature, null, 1)}\n` : texts.report;
    if (wanted === null) throw new CliError('not_found', 'That part of the report is not kept.', exitCodes.failed);
    const output = context.text('output');
    if (output === undefined) { process.stdout.write(wanted); return; }
    writeFileSync(output, wanted, { mode: 0o600 });
    context.print({ file: output }, () => line(`${mark(true)} ${output}`));
  },
};
export const audits: Record<string, Command> = { start, list, show, report };
