/** Every command, and how the words of a command line find theirs. */
import type { Command } from './command.ts';
import { usageOf } from './command.ts';
import { chat } from './commands/chat.ts';
import { config } from './commands/config.ts';
import { data } from './commands/data.ts';
import { datastores } from './commands/datastores.ts';
import { deploy } from './commands/deploy.ts';
import { deployments } from './commands/deployments.ts';
import { doctor } from './commands/doctor.ts';
import { encryption } from './commands/encryption.ts';
import { engines } from './commands/engines.ts';
import { keys } from './commands/keys.ts';
import { ledger } from './commands/ledger.ts';
import { login } from './commands/login.ts';
import { models } from './commands/models.ts';
import { openapi } from './commands/openapi.ts';
import { people } from './commands/people.ts';
import { projects } from './commands/projects.ts';
import { pull } from './commands/pull.ts';
import { pulls } from './commands/pulls.ts';
import { receipts } from './commands/receipts.ts';
import { sessions } from './commands/sessions.ts';
import { starter } from './commands/starter.ts';
import { status } from './commands/status.ts';
import { studio } from './commands/studio.ts';
import { tokens } from './commands/tokens.ts';
import { usage } from './commands/usage.ts';
import { version } from './commands/version.ts';
import { whoami } from './commands/whoami.ts';
import { audit } from './commands/audit.ts';
import { audits } from './commands/audits.ts';
import { backup, exportDatabase, importDatabase, restore } from './commands/backup.ts';
import { backupKeys, restoreKeys } from './commands/backup-keys.ts';
import { backups } from './commands/backups.ts';
import { health } from './commands/health.ts';
import { promises } from './commands/promises.ts';
import { dataMap } from './commands/data-map.ts';
import { CliError, exitCodes, exitMeanings } from './exit-codes.ts';
import { bold, dim } from './terminal.ts';

type Group = Record<string, Command>;
const commands: Record<string, Command | Group> = { status, studio, whoami, doctor, config, login, models, pull, pulls, deploy, deployments, data, datastores, encryption, keys, tokens, people, sessions, projects, engines, chat, usage, receipts, ledger, openapi, version, starter, 'data-map': dataMap, audit, audits, promises, health, backup, restore, export: exportDatabase, import: importDatabase, 'backup-keys': backupKeys, 'restore-keys': restoreKeys, backups };
/** Not in the help: `modelkeep up --starter` runs it. */
const hidden = new Set(['starter']);
const rooms: [string, string][] = [['up', 'Start an installation on this machine'], ['control, gateway, key-custody', 'Run one process alone']];
const isCommand = (entry: Command | Group): entry is Command => typeof entry['run'] === 'function';
const entryOf = (word: string): Command | Group | undefined => (Object.hasOwn(commands, word) ? commands[word] : undefined);

function rowsOf(name: string, entry: Command | Group): [string, string][] {
  if (isCommand(entry)) return [[[name, ...(entry.args ?? [])].join(' '), entry.summary]];
  return Object.entries(entry).map(([verb, command]) => [[name, verb, ...(command.args ?? [])].join(' '), command.summary]);
}

function list(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, summary]) => `  ${name.padEnd(width)}  ${dim(summary)}`);
}

function help(): string {
  const rows = [...rooms, ...Object.entries(commands).filter(([name]) => !hidden.has(name)).flatMap(([name, entry]) => rowsOf(name, entry))];
  const meanings = Object.entries(exitMeanings).map(([name, meaning]) => `${exitCodes[name as keyof typeof exitCodes]} ${meaning}`);
  return [`${bold('modelkeep')} COMMAND [ARGUMENTS] [OPTIONS]`, '', ...list(rows), '',
    'Every command: --data DIR, --project NAME, --json, --help', `Exit status: ${meanings.join(', ')}`].join('\n');
}

/** Where the command's words begin: global options may stand before them. */
function wordsAt(args: string[]): number {
  let at = 0;
  while (at < args.length && args[at]?.startsWith('-')) at += args[at] === '--data' || args[at] === '--project' ? 2 : 1;
  return at;
}

const asksHelp = (args: string[]): boolean => args.includes('--help') || args.includes('-h');

/** The command that the words name; undefined where they ask for help about several. @throws CliError usage */
export function find(args: string[]): { name: string; command: Command; rest: string[] } | undefined {
  const at = wordsAt(args);
  const before = args.slice(0, at);
  const [word, verb] = args.slice(at);
  if (word === 'help' || word === undefined) return undefined;
  const entry = entryOf(word);
  if (!entry) throw new CliError('usage', `There is no command ${word}. See: modelkeep help`, exitCodes.usage);
  if (isCommand(entry)) return { name: word, command: entry, rest: [...before, ...args.slice(at + 1)] };
  const command = verb !== undefined && Object.hasOwn(entry, verb) ? entry[verb] : undefined;
  if (command) return { name: `${word} ${verb ?? ''}`, command, rest: [...before, ...args.slice(at + 2)] };
  if (asksHelp(args)) return undefined;
  throw new CliError('usage', `modelkeep ${word} is one of: ${Object.keys(entry).join(', ')}`, exitCodes.usage);
}

/** The help that the words ask for: about a command, a group of them, or all. @throws CliError usage */
export function helpOf(args: string[]): string {
  const words = args.slice(wordsAt(args)).filter((word) => word !== 'help' && !word.startsWith('-'));
  const [word, verb] = words;
  if (word === undefined || rooms.some(([names]) => names.split(', ').includes(word))) return help();
  const entry = entryOf(word);
  if (!entry) throw new CliError('usage', `There is no command ${word}. See: modelkeep help`, exitCodes.usage);
  if (isCommand(entry)) return usageOf(word, entry);
  const command = verb !== undefined && Object.hasOwn(entry, verb) ? entry[verb] : undefined;
  return command ? usageOf(`${word} ${verb ?? ''}`, command) : list(rowsOf(word, entry)).join('\n');
}
