/** The key-custody process: keys in, no content; it listens on a local socket, and connects to a customer's key provider alone. */
import { chmodSync, existsSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dataLayout, sockets } from '#contract/installation.ts';
import type { Readiness } from '#contract/internal/readiness.ts';
import { openAuthority } from './certificate-authority.ts';
import { readConfig, readyFd } from './config.ts';
import type { CustodyConfig } from './config.ts';
import { events } from './events.ts';
import { writeKeyFile } from './key-file.ts';
import { KeyHierarchy } from './key-hierarchy.ts';
import { KeysUnreadable } from './keys-unreadable.ts';
import { keyMemory } from './memory.ts';
import { openRootKey } from './root-key.ts';
import { custodyServer } from './server.ts';
import type { Keys } from './server.ts';

function say(readiness: Readiness): void {
  const fd = readyFd();
  if (fd !== undefined) writeSync(fd, `${JSON.stringify(readiness)}\n`);
}

/** The public copy of the authority's certificate, beside the keys folder, tells that this installation has keys. */
async function openKeys({ dataFolder, orderKey }: CustodyConfig): Promise<Keys> {
  const folder = join(dataFolder, dataLayout.keys);
  const published = join(dataFolder, dataLayout.authority);
  const rootKey = keyMemory.keep(openRootKey(folder, existsSync(published)));
  const authority = await openAuthority(folder);
  writeKeyFile(published, readFileSync(join(folder, 'ca.pem')), 0o644);
  return { rootKey, authority, hierarchy: new KeyHierarchy(folder, rootKey, orderKey) };
}

async function start(config: CustodyConfig): Promise<void> {
  const keys = await openKeys(config);
  const server = custodyServer(keys);
  const socket = join(config.runFolder, sockets.custody);
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  chmodSync(socket, 0o600);
  const stop = (): void => { events.stopped(); keys.hierarchy.close(); keys.rootKey.fill(0); process.exit(0); };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (config.stopOnStdinEnd) process.stdin.on('end', stop).on('error', stop).resume();
  keys.hierarchy.start();
  events.started();
  events.memoryLocked(keyMemory.locked ? 1 : 0);
  say({ ready: true });
}

process.umask(0o077);
process.on('uncaughtException', (error) => { events.failed(error instanceof Error ? error.name : 'unknown', null); process.exit(1); });
try { await start(readConfig()); } catch (error) {
  events.failed(error instanceof Error ? error.name : 'unknown', error instanceof KeysUnreadable ? error.reason : null);
  say({ ready: false, code: error instanceof KeysUnreadable ? 'keys_unreadable' : error instanceof RangeError ? 'configuration_invalid' : 'unexpected' });
  process.exit(1);
}
