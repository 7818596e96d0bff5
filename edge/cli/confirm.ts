/** Asking before what cannot be taken back. */
import { createInterface } from 'node:readline/promises';
import type { Context, OptionSpec } from './command.ts';
import { CliError, exitCodes } from './exit-codes.ts';

export const yesOption: Record<string, OptionSpec> = { yes: { type: 'boolean', short: 'y', help: 'do it without asking; where there is no terminal nobody is asked' } };

const interrupted = 130;

/** @throws CliError declined */
export async function confirm(context: Context, question: string): Promise<void> {
  if (context.flag('yes') || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const stop = new AbortController();
  lines.on('SIGINT', () => { process.stderr.write('\n'); process.exit(interrupted); }).on('close', () => stop.abort());
  const answer = await lines.question(`${question} [y/N] `, { signal: stop.signal }).catch(() => '');
  lines.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CliError('declined', 'Nothing was done.', exitCodes.failed);
}
