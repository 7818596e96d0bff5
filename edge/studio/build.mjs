#!/usr/bin/env node
// Builds the studio into edge/studio/dist: at npm ci, at the first start where it is missing, or by hand: npm run studio.
// Plain JavaScript: the machine's own Node runs this file.
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

try {
  await build({ configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)), logLevel: 'error' });
} catch (error) {
  console.error(`modelkeep: the studio could not be built: ${error.message}\nEverything else works without it; try again with: npm run studio`);
  process.exitCode = 1;
}
