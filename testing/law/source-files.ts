/** The source files that are the product: what a process can load, without tests. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));

export function sourceFiles(): Map<string, string> {
  const paths = globSync('{bin,contract,edge,never-sees-content,holds-keys,sees-content}/**/*.{ts,tsx,mts,cts,js,mjs,cjs}', { cwd: project }).filter((path) => !/(\.test|-under-test)\.ts$/.test(path) && !path.includes('node_modules/') && !path.startsWith('edge/studio/dist'));
  return new Map(paths.sort().map((path) => [path, readFileSync(join(project, path), 'utf8')]));
}
