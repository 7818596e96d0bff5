/**
 * Preloaded into `modelkeep up` under test: the processes that it starts, with environments of their own, use the cache of compiled code that the tests use
 * (`NODE_COMPILE_CACHE`, which `npm run test:system` sets). Half of a start is compiling the same source. The product has no such cache: what it runs is
 * its source, of which the ledger has the digest.
 */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const cacheVariable = 'NODE_COMPILE_CACHE';
const folder = process.env[cacheVariable];
const { spawn } = childProcess;
type Spawn = (file: string, args: readonly string[], options: childProcess.SpawnOptions) => childProcess.ChildProcess;

childProcess.spawn = ((file, args, options) =>
  (spawn as Spawn)(file, args, file === 'prlimit' ? { ...options, env: { ...options.env, [cacheVariable]: folder } } : options)) as Spawn as typeof spawn;
syncBuiltinESMExports();
