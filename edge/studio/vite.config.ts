/** How the studio is built: everything bundled, nothing inline, and of the contract's operations only their methods and paths. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { operations } from '../../contract/operations.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const named = 'virtual:operations';

/** `{ listModels: ['GET', '/api/models'], … }`, so that the schemas stay out of the browser. */
function operationPaths(): Plugin {
  return {
    name: 'operation-paths',
    resolveId: (id) => (id === named ? `\0${named}` : undefined),
    load: (id) => (id === `\0${named}` ? `export default ${JSON.stringify(Object.fromEntries(Object.entries(operations).map(([id, { method, path }]) => [id, [method, path]])))};` : undefined),
  };
}

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/studio/',
  plugins: [operationPaths()],
  resolve: { alias: { '#contract': `${project}contract` } },
  build: { emptyOutDir: true, assetsInlineLimit: 0, target: 'es2023', modulePreload: { polyfill: false }, rolldownOptions: { onwarn: (warning, tell) => { if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') tell(warning); } }, reportCompressedSize: false, chunkSizeWarningLimit: 1000 },
});
