/** `modelkeep`: the command line. */
import { exitCodes, CliError } from './exit-codes.ts';
import { parse, usageOf } from './command.ts';
import { find, helpOf } from './commands.ts';
import { messageOf } from './row-sentence.ts';
import { line, printable, problem } from './terminal.ts';

const args = process.argv.slice(2);

async function main(): Promise<void> {
  const found = find(args);
  if (!found) { line(helpOf(args)); return; }
  const context = parse(found.name, found.command, found.rest);
  if (context.flag('help')) { line(usageOf(found.name, found.command)); return; }
  await found.command.run(context);
}

function report(error: unknown): number {
  const known = error instanceof CliError ? error : new CliError('unexpected', error instanceof Error ? error.message : String(error));
  const before = args.includes('--') ? args.slice(0, args.indexOf('--')) : args;
  if (before.includes('--json')) line(JSON.stringify({ error: { code: known.code, message: known.message, next: known.next, ...known.details } }, null, 1));
  else problem(`${printable(messageOf(known))}${known.next === undefined ? '' : `\n${known.next}`}`);
  return known.exitCode;
}

/** Whoever reads a pipe may have enough of it; anything else is a loss. */
function stdoutFailed({ code = '' }: NodeJS.ErrnoException): never {
  if (code === 'EPIPE') process.exit(exitCodes.ok);
  problem(`Standard output cannot be written (${code}).`);
  process.exit(exitCodes.failed);
}

process.stdout.on('error', stdoutFailed);
try { await main(); } catch (error) { process.exitCode = report(error); }
// A long document may still be on its way into a pipe.
process.stdout.write('', (error) => { if (error) stdoutFailed(error); process.exit(); });
