#!/usr/bin/env node
// Starts a room of Modelkeep on the pinned Node 24. Plain JavaScript: the machine's own Node runs this file.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
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
  const supported = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  console.error(supported ? 'modelkeep: the dependencies are not installed, or not the optional ones, which bring its Node. Run: npm ci'
    : `modelkeep: ${process.platform} on ${process.arch} is not supported. Supported: Linux on x64 and arm64.`);
  process.exit(1);
}
// The studio that the gateway serves is built from the same sources. Without it everything else works.
if (rooms.up === room && !process.argv.includes('--help')) spawnSync(process.execPath, [`${project}edge/studio/build.mjs`], { stdio: ['ignore', 'ignore', 'inherit'] });
const [major, minor] = process.versions.node.split('.').map(Number);
if (process.execPath === realpathSync(node) || (major === 24 && minor >= 12)) {
  process.argv = [process.execPath, main, ...rest];
  await import(main);
} else {
  const child = spawn(node, [main, ...rest], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // What is typed at a terminal reaches the child by itself: passed on, it would count twice.
  process.on('SIGINT', () => { if (!process.stdin.isTTY) child.kill('SIGINT'); });
  child.on('error', (error) => { console.error(`modelkeep: ${error.message}`); process.exit(1); });
  child.on('exit', (code, signal) => { if (signal) process.kill(process.pid, signal); process.exit(code ?? 1); });
}
