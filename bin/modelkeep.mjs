#!/usr/bin/env node
// Starts a room of Modelkeep on the pinned Node 24. Plain JavaScript: the machine's own Node runs this file.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('..', import.meta.url));
const rooms = {
  up: 'never-sees-content/supervisor/main.ts',
  control: 'never-sees-content/server/main.ts',
  gateway: 'sees-content/gateway/main.ts',
  'key-custody': 'holds-keys/custody/main.ts',
};
const args = process.argv.slice(2);
// Global options may stand before the command: `modelkeep --data DIR up`.
let at = 0;
while (at < args.length && args[at].startsWith('--')) at += args[at].includes('=') || !['--data', '--project'].includes(args[at]) ? 1 : 2;
const room = Object.hasOwn(rooms, args[at] ?? '') ? rooms[args[at]] : undefined;
const rest = room ? [...args.slice(0, at), ...args.slice(at + 1)] : args;
const main = `${project}${room ?? 'edge/cli/main.ts'}`;

const node = `${project}node_modules/node-${process.platform}-${process.arch}/bin/node`;
if (!existsSync(node)) {
  console.error(existsSync(`${project}node_modules`)
    ? `modelkeep: there is no pinned Node for ${process.platform} ${process.arch}. Supported: Linux on x64 and arm64.`
    : 'modelkeep: the dependencies are not installed. Run: npm ci');
  process.exit(1);
}
if (process.execPath === node || process.versions.node === '24.21.0') {
  process.argv = [process.execPath, main, ...rest];
  await import(main);
} else {
  const child = spawn(node, [main, ...rest], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => { console.error(`modelkeep: ${error.message}`); process.exit(1); });
  child.on('exit', (code, signal) => { if (signal) process.kill(process.pid, signal); process.exit(code ?? 1); });
}
