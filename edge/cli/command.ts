/** What a command is: its options, its help, and what it does. */
import { parseArgs } from 'node:util';
import { Client } from './client.ts';
import { connection } from './connection.ts';
import { projectOption } from './environment.ts';
import { CliError, exitCodes } from './exit-codes.ts';
import { line } from './terminal.ts';

export interface OptionSpec { type: 'string' | 'boolean'; help: string; short?: string }
export interface Command {
  summary: string;
  /** Positional arguments, `[optional]` ones last. */
  args?: string[];
  options?: Record<string, OptionSpec>;
  examples?: string[];
  run(context: Context): Promise<void>;
}

export const globalOptions: Record<string, OptionSpec> = {
  data: { type: 'string', help: 'data folder of the installation on this machine (MODELKEEP_DATA)' },
  project: { type: 'string', help: 'project to work in, for administrators (MODELKEEP_PROJECT; default)' },
  json: { type: 'boolean', help: 'print one JSON document and nothing else' },
  help: { type: 'boolean', help: 'show this help', short: 'h' },
};

export class Context {
  readonly args: string[];
  readonly #values: Record<string, string | boolean | undefined>;
  #client: Client | undefined;
  constructor(args: string[], values: Record<string, string | boolean | undefined>) {
    this.args = args;
    this.#values = values;
  }

  get json(): boolean { return this.#values['json'] === true; }
  get data(): string | undefined { return this.text('data'); }
  get client(): Client { return this.#client ??= new Client(connection(this.data), projectOption(this.text('project'))); }

  flag(name: string): boolean { return this.#values[name] === true; }
  text(name: string): string | undefined { const value = this.#values[name]; return typeof value === 'string' ? value : undefined; }
  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value.trim() === '' || !Number.isFinite(Number(value))) throw new CliError('usage', `--${name} takes a number.`, exitCodes.usage);
    return Number(value);
  }
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new CliError('usage', `--${name} is needed.`, exitCodes.usage);
    return value;
  }
  choice<const T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = values.find((each) => each === value);
    if (found === undefined) throw new CliError('usage', `--${name} is one of: ${values.join(', ')}.`, exitCodes.usage);
    return found;
  }

  /** Prints a document with --json, or what `human` writes without. */
  print(document: unknown, human: () => void): void {
    if (this.json) line(JSON.stringify(document, null, 1)); else human();
  }
}

export function usageOf(name: string, command: Command): string {
  const options = { ...command.options, ...globalOptions };
  const names = Object.entries(options).map(([option, { type, short, help }]) => [`${short === undefined ? '' : `-${short}, `}--${option}${type === 'string' ? ' VALUE' : ''}`, help] as const);
  const width = Math.max(...names.map(([name]) => name.length));
  const rows = names.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`);
  const examples = command.examples ? ['', 'Examples:', ...command.examples.map((example) => `  ${example}`)] : [];
  return [`modelkeep ${name}${(command.args ?? []).map((arg) => ` ${arg}`).join('')}`, '', `  ${command.summary}`, '', 'Options:', ...rows, ...examples].join('\n');
}

/** @throws CliError usage */
export function parse(name: string, command: Command, args: string[]): Context {
  const options = { ...command.options, ...globalOptions };
  let parsed: { values: Record<string, string | boolean | undefined | (string | boolean)[]>; positionals: string[] };
  try {
    parsed = parseArgs({ args, allowPositionals: true, strict: true, options: Object.fromEntries(Object.entries(options).map(([option, { type, short }]) => [option, { type, ...(short === undefined ? {} : { short }) }])) });
  } catch (error) { throw new CliError('usage', `${error instanceof Error ? error.message : 'bad arguments'}\n\n${usageOf(name, command)}`, exitCodes.usage); }
  const expected = command.args ?? [];
  const least = expected.filter((arg) => !arg.startsWith('[')).length;
  if (parsed.values['help'] !== true && (parsed.positionals.length < least || parsed.positionals.length > expected.length)) {
    throw new CliError('usage', `${parsed.positionals.length < least ? `${expected[parsed.positionals.length] ?? ''} is missing.` : 'Too many arguments.'}\n\n${usageOf(name, command)}`, exitCodes.usage);
  }
  return new Context(parsed.positionals, parsed.values as Record<string, string | boolean | undefined>);
}
