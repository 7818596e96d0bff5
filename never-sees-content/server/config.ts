/** The only reader of the environment in control. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Name } from '#contract/names.ts';
import { newOrderKeys } from '../orders/order-signer.ts';

/** Without a slash at its end, since paths are appended to it. */
const Origin = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const Environment = z.object({
  MODELKEEP_DATA: z.string().startsWith('/'), MODELKEEP_RUN: z.string().startsWith('/'), DATABASE_URL: z.string().min(1),
  MODELKEEP_REGION: Name.default('local'), MODELKEEP_GEOGRAPHY: Name.default('local'), MODELKEEP_PUBLIC_ORIGIN: Origin.default('http://127.0.0.1:8420'),
  HF_ENDPOINT: Origin.default('https://huggingface.co'), HF_TOKEN_FILE: z.string().startsWith('/').optional(),
  MODELKEEP_SESSION_IDLE_MINUTES: z.coerce.number().int().min(1).max(10_080).default(30), MODELKEEP_SESSION_HOURS: z.coerce.number().int().min(1).max(720).default(12),
  MODELKEEP_ORDER_FD: z.literal('4').optional(), MODELKEEP_ORDER_KEY_FILE: z.string().startsWith('/').optional(),
  MODELKEEP_WITNESSES: z.string().startsWith('/').optional(),
  MODELKEEP_MIGRATE: z.enum(['0', '1']).default('1'), MODELKEEP_STOP_ON_STDIN_END: z.literal('1').optional(),
});

export interface ControlConfig {
  dataFolder: string; runFolder: string; databaseUrl: string; embedded: boolean; region: string; geography: string; publicOrigin: string;
  hfEndpoint: string; hfTokenFile: string | undefined; migrate: boolean;
  /** File that names the witnesses of the ledger. */
  witnessesFile: string | undefined;
  /** What pip needs of the machine: its index, proxy and certificates. */
  pipEnvironment: NodeJS.ProcessEnv;
  /** How long a session of the studio lasts without being used, and at the longest, in milliseconds. */
  sessionIdleMs: number; sessionMs: number;
  /** Private key of orders to key custody: PKCS #8, base64. */
  orderKey: string;
  stopOnStdinEnd: boolean;
}

/** Where readiness is said: known before the rest of the configuration, so that a bad one can be told. */
export const readyFd = (): 3 | undefined => (process.env['MODELKEEP_READY_FD'] === '3' ? 3 : undefined);

/** @throws ZodError naming the variable. */
export function readConfig(): ControlConfig {
  const env = Environment.parse(process.env);
  return {
    dataFolder: env.MODELKEEP_DATA, runFolder: env.MODELKEEP_RUN, databaseUrl: env.DATABASE_URL, embedded: isEmbedded(env.DATABASE_URL, env.MODELKEEP_RUN),
    region: env.MODELKEEP_REGION, geography: env.MODELKEEP_GEOGRAPHY, publicOrigin: env.MODELKEEP_PUBLIC_ORIGIN, hfEndpoint: env.HF_ENDPOINT, hfTokenFile: env.HF_TOKEN_FILE,
    sessionIdleMs: env.MODELKEEP_SESSION_IDLE_MINUTES * 60_000, sessionMs: env.MODELKEEP_SESSION_HOURS * 3_600_000,
    witnessesFile: env.MODELKEEP_WITNESSES, migrate: env.MODELKEEP_MIGRATE === '1', pipEnvironment: pipEnvironment(), orderKey: readOrderKey(env), stopOnStdinEnd: env.MODELKEEP_STOP_ON_STDIN_END === '1',
  };
}

/** From the supervisor's pipe, or a file where control runs by itself. Nobody obeys a key that is made up here. */
function readOrderKey(env: { MODELKEEP_ORDER_FD?: '4' | undefined; MODELKEEP_ORDER_KEY_FILE?: string | undefined }): string {
  if (env.MODELKEEP_ORDER_FD !== undefined) return readFileSync(4, 'utf8');
  return env.MODELKEEP_ORDER_KEY_FILE === undefined ? newOrderKeys().privateKey : readFileSync(env.MODELKEEP_ORDER_KEY_FILE, 'utf8').trim();
}

/** The embedded database is the one whose socket lies in the run folder. */
function isEmbedded(databaseUrl: string, runFolder: string): boolean {
  return URL.canParse(databaseUrl) && new URL(databaseUrl).searchParams.get('host') === runFolder;
}

function pipEnvironment(): NodeJS.ProcessEnv {
  const wanted = /^(PATH|HOME|LANG|LC_\w+|(HTTPS?|NO)_PROXY|https?_proxy|no_proxy|PIP_\w+|PYENV_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}
