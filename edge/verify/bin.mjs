#!/usr/bin/env node
// Runs main.ts on this Node where it can, else on the one that the project pins. Plain JavaScript: any Node runs this file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (process.features.typescript) await import('./main.ts');
else {
  const pinned = fileURLToPath(new URL(`../../node_modules/node-${process.platform}-${process.arch}/bin/node`, import.meta.url));
  if (!existsSync(pinned)) {
    process.stderr.write('modelkeep-verify: this needs Node 22.18 or newer.\n');
    process.exit(2);
  }
  process.exitCode = spawnSync(pinned, [fileURLToPath(new URL('main.ts', import.meta.url)), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 2;
}
