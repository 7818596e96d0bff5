/** The key-custody process: keys in, no content, no TCP. */
import { chmodSync, copyFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import { openAuthority } from './certificate-authority.ts';
import { readConfig } from './config.ts';
import { events } from './events.ts';
import { openRootKey } from './root-key.ts';
import { custodyServer } from './server.ts';

const config = readConfig();
const say = (readiness: Readiness): void => { if (config.readyFd !== undefined) writeSync(config.readyFd, `${JSON.stringify(readiness)}\n`); };
process.umask(0o077);
process.on('uncaughtException', (error) => { events.failed(error.name); process.exit(1); });

try {
  const keys = join(config.dataFolder, dataLayout.keys);
  const rootKey = openRootKey(keys);
  await openAuthority(keys);
  copyFileSync(join(keys, 'ca.pem'), join(config.dataFolder, dataLayout.authority));
  const server = custodyServer(rootKey, config.dataFolder);
  const socket = join(config.runFolder, sockets.custody);
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  chmodSync(socket, 0o600);
  const stop = (): void => { events.stopped(); rootKey.fill(0); process.exit(0); };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.stopOnStdinEnd) process.stdin.on('end', stop).on('error', stop).resume();
  events.started();
  say({ ready: true });
} catch (error) {
  events.failed(error instanceof Error ? error.name : 'unknown');
  say({ ready: false, code: error instanceof Error && error.name === 'KeysUnreadable' ? 'keys_unreadable' : 'unexpected' });
  process.exit(1);
}
