/** `modelkeep`: the command line. */
import { readFileSync } from 'node:fs';
import type { Command } from './command.ts';
import { parse, usageOf } from './command.ts';
import { chat } from './commands/chat.ts';
import { config } from './commands/config.ts';
import { deploy } from './commands/deploy.ts';
import { deployments } from './commands/deployments.ts';
import { doctor } from './commands/doctor.ts';
import { engines } from './commands/engines.ts';
import { keys } from './commands/keys.ts';
import { login } from './commands/login.ts';
import { models } from './commands/models.ts';
import { openapi } from './commands/openapi.ts';
import { projects } from './commands/projects.ts';
import { pull } from './commands/pull.ts';
import { starter } from './commands/starter.ts';
import { status } from './commands/status.ts';
import { tokens } from './commands/tokens.ts';
import { usage } from './commands/usage.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { bold, dim, line, problem, red } from './terminal.ts';

const version: Command = {
  summary: 'Print the version',
  run: (context) => {
    const { version: text } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    context.print({ version: text, node: process.versions.node }, () => line(text));
    return Promise.resolve();
  },
};
const commands: Record<string, Command | Record<string, Command>> = { status, doctor, config, login, models, pull, deploy, deployments, keys, tokens, projects, engines, chat, usage, openapi, version, starter };
const isCommand = (entry: Command | Record<string, Command>): entry is Command => typeof entry['run'] === 'function';

function help(): string {
  const rows: [string, string][] = [['up', 'Start an installation on this machine'], ['control, gateway, key-custody', 'Run one process alone']];
  for (const [name, entry] of Object.entries(commands)) {
    if (name === 'starter') continue;
    if (isCommand(entry)) rows.push([[name, ...(entry.args ?? [])].join(' '), entry.summary]);
    else for (const [verb, command] of Object.entries(entry)) rows.push([[name, verb, ...(command.args ?? [])].join(' '), command.summary]);
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return [`${bold('modelkeep')} COMMAND [ARGUMENTS] [OPTIONS]`, '', ...rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${dim(summary)}`), '',
    'Every command: --data DIR, --project NAME, --json, --help', 'Exit status: 0 done, 1 failed, 2 usage, 3 not running or unreachable, 4 not authorised, 5 not found, 6 conflict, 7 timed out'].join('\n');
}

/** The command that the words name. Global options may stand before it. */
function find(args: string[]): { name: string; command: Command; rest: string[] } | undefined {
  let at = 0;
  while (at < args.length && args[at]?.startsWith('-')) at += args[at] === '--data' || args[at] === '--project' ? 2 : 1;
  const before = args.slice(0, at);
  const [word = '', verb = ''] = args.slice(at);
  const entry = Object.hasOwn(commands, word) ? commands[word] : undefined;
  if (!entry) return undefined;
  if (isCommand(entry)) return { name: word, command: entry, rest: [...before, ...args.slice(at + 1)] };
  const command = Object.hasOwn(entry, verb) ? entry[verb] : undefined;
  if (!command) throw new CliError('usage', `modelkeep ${word} is one of: ${Object.keys(entry).join(', ')}`, exitCodes.usage);
  return { name: `${word} ${verb}`, command, rest: [...before, ...args.slice(at + 2)] };
}

async function main(args: string[]): Promise<void> {
  const found = find(args);
  if (!found) {
    const asked = args.length === 0 || args.includes('help') || args.includes('--help') || args.includes('-h');
    if (asked) { line(help()); return; }
    throw new CliError('usage', `There is no such command.\n\n${help()}`, exitCodes.usage);
  }
  const context = parse(found.name, found.command, found.rest);
  if (context.flag('help')) { line(usageOf(found.name, found.command)); return; }
  await found.command.run(context);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
const args = process.argv.slice(2);
try {
  await main(args);
} catch (error) {
  const known = error instanceof CliError ? error : new CliError('unexpected', error instanceof Error ? error.message : String(error));
  if (args.includes('--json')) line(JSON.stringify({ error: { code: known.code, message: known.message, next: known.next } }, null, 1));
  else problem(`${red('modelkeep:')} ${known.message}${known.next === undefined ? '' : `\n${known.next}`}`);
  process.exit(known.exitCode);
}
process.exit(process.exitCode ?? 0);
