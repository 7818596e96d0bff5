/** The only reader of the environment in the gateway. */
import { availableParallelism } from 'node:os';
import { normalize } from 'node:path';
import { z } from 'zod';
import { Name } from '#contract/names.ts';

const count = (least: number, otherwise: number) => z.coerce.number().int().min(least).default(otherwise);
/** Folders, separated by colons. The root of everything would open everything. */
const Roots = z.string().default('').transform((text) => text.split(':').filter((path) => path !== '')).pipe(z.array(z.string().startsWith('/').refine((path) => normalize(path) === path && path !== '/' && !path.endsWith('/'), 'an absolute path, without ".." and not "/"')).max(100));
/** Separated by commas. */
const Endpoints = z.string().optional().transform((text) => text?.split(',').map((each) => each.trim()).filter((each) => each !== '')).pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)).max(100).optional());
const Environment = z.object({
  MODELKEEP_DATA: z.string().startsWith('/'), MODELKEEP_RUN: z.string().startsWith('/'),
  MODELKEEP_HOST: z.string().min(1).default('127.0.0.1'), MODELKEEP_PORT: z.coerce.number().int().min(0).max(65_535).default(8420),
  MODELKEEP_TLS: z.enum(['off', 'own', 'files']).default('off'), MODELKEEP_TLS_CERT: z.string().optional(), MODELKEEP_TLS_KEY: z.string().optional(),
  MODELKEEP_REGION: Name.default('local'), MODELKEEP_GEOGRAPHY: Name.default('local'),
  // The engine's threads wait for each other by spinning: one fewer than the cores, never more.
  MODELKEEP_WORKER_THREADS: count(1, Math.max(1, availableParallelism() - 1)), MODELKEEP_WORKER_SEQUENCES: count(1, 4),
  MODELKEEP_MAX_BODY_BYTES: count(1024, 8 << 20), MODELKEEP_RECEIPT_SECONDS: count(1, 900),
  MODELKEEP_DATA_ROOTS: Roots, MODELKEEP_STORAGE_ENDPOINTS: Endpoints,
  MODELKEEP_FORCE_TIER: z.enum(['bubblewrap', 'launcher', 'none']).optional(),
  MODELKEEP_STOP_ON_STDIN_END: z.literal('1').optional(),
});

export interface GatewayConfig {
  dataFolder: string; runFolder: string; host: string; port: number; region: string; geography: string;
  tls: { mode: 'off' } | { mode: 'own' } | { mode: 'files'; certificate: string; key: string };
  workerThreads: number; workerSequences: number; maxBodyBytes: number; /** How long a receipt can be asked for. */ receiptSeconds: number; forceTier: 'bubblewrap' | 'launcher' | 'none' | undefined;
  /** Folders below which data may be designated. */
  dataRoots: readonly string[];
  /** Origins at which datastores may lie; any where undefined. */
  storageEndpoints: readonly string[] | undefined;
  stopOnStdinEnd: boolean;
}

/** Where readiness is said: known before the rest of the configuration, so that a bad one can be told. */
export const readyFd = (): 3 | undefined => (process.env['MODELKEEP_READY_FD'] === '3' ? 3 : undefined);

/** @throws ZodError naming the variable. */
export function readConfig(): GatewayConfig {
  const env = Environment.parse(process.env);
  return {
    dataFolder: env.MODELKEEP_DATA, runFolder: env.MODELKEEP_RUN, host: env.MODELKEEP_HOST, port: env.MODELKEEP_PORT, region: env.MODELKEEP_REGION, geography: env.MODELKEEP_GEOGRAPHY,
    tls: env.MODELKEEP_TLS === 'files' ? { mode: 'files', certificate: env.MODELKEEP_TLS_CERT ?? '', key: env.MODELKEEP_TLS_KEY ?? '' } : { mode: env.MODELKEEP_TLS },
    workerThreads: env.MODELKEEP_WORKER_THREADS, workerSequences: env.MODELKEEP_WORKER_SEQUENCES, maxBodyBytes: env.MODELKEEP_MAX_BODY_BYTES, receiptSeconds: env.MODELKEEP_RECEIPT_SECONDS, forceTier: env.MODELKEEP_FORCE_TIER,
    dataRoots: env.MODELKEEP_DATA_ROOTS, storageEndpoints: env.MODELKEEP_STORAGE_ENDPOINTS, stopOnStdinEnd: env.MODELKEEP_STOP_ON_STDIN_END === '1',
  };
}
