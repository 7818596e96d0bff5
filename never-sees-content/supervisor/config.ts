/** The only reader of the environment and of the arguments in the supervisor. */
import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runFolder } from '#contract/installation.ts';
import { Name } from '#contract/names.ts';
import { readWitnesses } from '../ledger/witness-list.ts';
import { ConfigurationError } from './configuration-error.ts';

const Port = z.string().regex(/^\d{1,5}$/, 'a number from 1 to 65535').transform(Number).refine((port) => port >= 1 && port <= 65_535, 'a number from 1 to 65535');
const Origin = z.url({ protocol: /^https?$/, error: 'an address such as https://models.example.org' }).transform((url) => url.replace(/\/+$/, ''));
const DatabaseUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'an address such as postgresql://user@host/database' });

export interface SupervisorConfig {
  dataFolder: string; runFolder: string; host: string; port: number;
  /** Where users reach the gateway, as it stands in base URLs. */
  origin: string;
  tls: { mode: 'off' } | { mode: 'own' } | { mode: 'files'; certificate: string; key: string };
  region: string; geography: string; databaseUrl: string | undefined; migrate: boolean; starter: boolean;
  /** Passed on to the processes that read them. */
  passedOn: Record<string, string>;
}

const options = {
  data: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' }, tls: { type: 'string' }, 'tls-cert': { type: 'string' }, 'tls-key': { type: 'string' },
  region: { type: 'string' }, geography: { type: 'string' }, 'no-migrate': { type: 'boolean' }, starter: { type: 'boolean' }, help: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export const usage = `modelkeep up [--starter] [--data DIR] [--port N] [--host H] [--tls | --tls-cert FILE --tls-key FILE]
             [--region NAME] [--geography NAME] [--no-migrate]

  --starter      pull, deploy and try a first model on an empty installation
  --data DIR     data folder                       (MODELKEEP_DATA; ~/.local/share/modelkeep)
  --port N       port of the gateway               (MODELKEEP_PORT; 8420)
  --host H       address of the gateway            (MODELKEEP_HOST; 127.0.0.1)
  --tls          TLS with the installation's own authority (its certificate: DIR/ca.pem)
  --tls-cert, --tls-key   TLS with your certificate chain and key (PEM)
  --region, --geography   where this installation is (local, local)
  --no-migrate   leave the schema of the external database alone; refuse to start where it is old
  DATABASE_URL             external PostgreSQL 15 or newer instead of the embedded one
  MODELKEEP_WITNESSES      file that names the witnesses of the ledger, one a line: VERIFIER-KEY URL
  MODELKEEP_PUBLIC_ORIGIN  where users reach the gateway, if it stands behind another server`;

function parse(args: string[]): Partial<Record<string, string | boolean>> {
  // `--tls` alone and `--tls=off` are both written by people.
  const normal = args.map((arg) => (arg === '--tls' ? '--tls=own' : arg));
  try { return parseArgs({ args: normal, options, strict: true }).values; } catch (error) {
    throw new ConfigurationError(`${error instanceof Error ? error.message : 'bad arguments'}\n\n${usage}`);
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new ConfigurationError(`${name}: ${result.error.issues[0]?.message ?? 'not valid'}`);
  return result.data;
}

function tlsOf(values: Partial<Record<string, string | boolean>>): SupervisorConfig['tls'] {
  const certificate = values['tls-cert'] ?? process.env['MODELKEEP_TLS_CERT'];
  const key = values['tls-key'] ?? process.env['MODELKEEP_TLS_KEY'];
  if (typeof certificate === 'string' || typeof key === 'string') {
    if (typeof certificate !== 'string' || typeof key !== 'string') throw new ConfigurationError('--tls-cert and --tls-key belong together.');
    return { mode: 'files', certificate: resolve(certificate), key: resolve(key) };
  }
  return { mode: checked(z.enum(['off', 'own'], 'own or off'), values['tls'] ?? process.env['MODELKEEP_TLS'] ?? 'off', '--tls') };
}

/** Every address of the machine is listened on: then it is told by the one that surely works here. */
function originOf(host: string, port: number, tls: SupervisorConfig['tls']): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${tls.mode === 'off' ? 'http' : 'https'}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

const passedOn = ['HF_ENDPOINT', 'MODELKEEP_WORKER_THREADS', 'MODELKEEP_WORKER_SEQUENCES', 'MODELKEEP_MAX_BODY_BYTES', 'MODELKEEP_RECEIPT_SECONDS', 'MODELKEEP_SESSION_IDLE_MINUTES', 'MODELKEEP_SESSION_HOURS', 'MODELKEEP_DATA_ROOTS', 'MODELKEEP_STORAGE_ENDPOINTS', 'MODELKEEP_FORCE_TIER'];

/** @throws ConfigurationError with the line */
function checkWitnesses(file: string | undefined): void {
  try { readWitnesses(file); } catch (error) { throw new ConfigurationError(`MODELKEEP_WITNESSES: ${error instanceof Error ? error.message : 'unreadable'}`); }
}

function passedOnSettings(): Record<string, string> {
  const files = ['HF_TOKEN_FILE', 'MODELKEEP_WITNESSES'].flatMap((name): [string, string][] => (process.env[name] ? [[name, resolve(process.env[name])]] : []));
  const set = passedOn.flatMap((name): [string, string][] => (process.env[name] ? [[name, process.env[name]]] : []));
  checkWitnesses(Object.fromEntries(files)['MODELKEEP_WITNESSES']);
  return Object.fromEntries([...set, ...files]);
}

/** @throws ConfigurationError with the sentence to show; `undefined` where help was asked for. */
export function readConfig(args: string[]): SupervisorConfig | undefined {
  const values = parse(args);
  if (values['help']) return undefined;
  const text = (option: string, variable: string, otherwise: string): string => { const value = values[option] ?? process.env[variable]; return typeof value === 'string' && value !== '' ? value : otherwise; };
  const dataFolder = resolve(text('data', 'MODELKEEP_DATA', `${process.env['XDG_DATA_HOME'] ?? `${homedir()}/.local/share`}/modelkeep`));
  const [host, port, tls] = [text('host', 'MODELKEEP_HOST', '127.0.0.1'), checked(Port, text('port', 'MODELKEEP_PORT', '8420'), '--port'), tlsOf(values)];
  const databaseUrl = process.env['DATABASE_URL'];
  return {
    dataFolder, runFolder: runFolder(dataFolder, process.env['XDG_RUNTIME_DIR'] ?? '/tmp', (value) => createHash('sha256').update(value).digest('hex')),
    host, port, tls, origin: checked(Origin, text('', 'MODELKEEP_PUBLIC_ORIGIN', originOf(host, port, tls)), 'MODELKEEP_PUBLIC_ORIGIN'),
    region: checked(Name, text('region', 'MODELKEEP_REGION', 'local'), '--region'), geography: checked(Name, text('geography', 'MODELKEEP_GEOGRAPHY', 'local'), '--geography'),
    databaseUrl: databaseUrl ? checked(DatabaseUrl, databaseUrl, 'DATABASE_URL') : undefined,
    migrate: values['no-migrate'] !== true && process.env['MODELKEEP_MIGRATE'] !== '0', starter: values['starter'] === true, passedOn: passedOnSettings(),
  };
}

/** What the children inherit of the machine's own settings: how pip and TLS reach the outside, and nothing else. */
export function machineEnvironment(): Record<string, string> {
  const wanted = /^(PATH|HOME|LANG|LC_\w+|TMPDIR|XDG_RUNTIME_DIR|(HTTPS?|NO)_PROXY|https?_proxy|no_proxy|PIP_\w+|PYENV_\w+|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE)$/;
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => wanted.test(entry[0]) && entry[1] !== undefined));
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.password !== '') url.password = '***';
  if (url.searchParams.has('password')) url.searchParams.set('password', '***');
  return url.href;
}

/** The effective configuration without secrets, as `modelkeep config` shows it. */
export function publicConfiguration({ passedOn: further, databaseUrl, starter: _starter, ...rest }: SupervisorConfig): Record<string, unknown> {
  return { ...rest, database: databaseUrl === undefined ? 'embedded' : withoutPassword(databaseUrl), ...further };
}
