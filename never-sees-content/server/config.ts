/** The only reader of the environment in control. */
import { z } from 'zod';
import { Name } from '#contract/names.ts';

const Environment = z.object({
  MODELKEEP_DATA: z.string().startsWith('/'), MODELKEEP_RUN: z.string().startsWith('/'), DATABASE_URL: z.string().min(1),
  MODELKEEP_REGION: Name.default('local'), MODELKEEP_GEOGRAPHY: Name.default('local'), MODELKEEP_PUBLIC_ORIGIN: z.url().default('http://127.0.0.1:8420'),
  HF_ENDPOINT: z.url().default('https://huggingface.co'), HF_TOKEN_FILE: z.string().startsWith('/').optional(),
  MODELKEEP_MIGRATE: z.enum(['0', '1']).default('1'), MODELKEEP_READY_FD: z.literal('3').optional(), MODELKEEP_STOP_ON_STDIN_END: z.literal('1').optional(),
});

export interface ControlConfig {
  dataFolder: string; runFolder: string; databaseUrl: string; embedded: boolean; region: string; geography: string; publicOrigin: string;
  hfEndpoint: string; hfTokenFile: string | undefined; migrate: boolean;
  /** What pip needs of the machine: its index, proxy and certificates. */
  pipEnvironment: NodeJS.ProcessEnv;
  readyFd: 3 | undefined; stopOnStdinEnd: boolean;
}

/** @throws ZodError naming the variable. */
export function readConfig(): ControlConfig {
  const env = Environment.parse(process.env);
  return {
    dataFolder: env.MODELKEEP_DATA, runFolder: env.MODELKEEP_RUN, databaseUrl: env.DATABASE_URL, embedded: env.DATABASE_URL.includes(encodeURIComponent(env.MODELKEEP_RUN)),
    region: env.MODELKEEP_REGION, geography: env.MODELKEEP_GEOGRAPHY, publicOrigin: env.MODELKEEP_PUBLIC_ORIGIN, hfEndpoint: env.HF_ENDPOINT, hfTokenFile: env.HF_TOKEN_FILE,
    migrate: env.MODELKEEP_MIGRATE === '1', pipEnvironment: pipEnvironment(), readyFd: env.MODELKEEP_READY_FD ? 3 : undefined, stopOnStdinEnd: env.MODELKEEP_STOP_ON_STDIN_END === '1',
  };
}

function pipEnvironment(): NodeJS.ProcessEnv {
  const wanted = /^(PATH|HOME|LANG|LC_\w+|(HTTPS?|NO)_PROXY|https?_proxy|no_proxy|PIP_\w+|PYENV_\w+|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => wanted.test(name)));
}
