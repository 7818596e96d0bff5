/** The import law holds, and would notice each way of breaking it: tried on a copy of the tree's skeleton. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const project = fileURLToPath(new URL('../../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'modelkeep-law-'));
after(() => rmSync(copy, { recursive: true, force: true }));

for (const name of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs', 'contract']) cpSync(join(project, name), join(copy, name), { recursive: true });
symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true });
  writeFileSync(join(copy, path), text);
}

/** Names of the rules that a file with this text breaks. */
async function broken(path: string, text: string): Promise<string[]> {
  write(path, text);
  const output = await new Promise<string>((resolve) => execFile(process.execPath,
    [join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'), '--config', '.dependency-cruiser.cjs', '--output-type', 'json', path],
    { cwd: copy, maxBuffer: 1 << 26 }, (_error, stdout) => resolve(stdout)));
  rmSync(join(copy, path));
  const report = JSON.parse(output) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(report.summary.violations.map((violation) => violation.rule.name))];
}

write('never-sees-content/ledger/entry.ts', 'export interface Entry { seq: number }\nexport const one = 1;\n');
write('sees-content/gateway/prompt.ts', 'export interface Prompt { text: string }\nexport const two = 2;\n');
write('testing/canary/plant.ts', 'export const canary = 1;\n');

const cases: [name: string, path: string, text: string, rule: string][] = [
  ['control importing the gateway', 'never-sees-content/server/a.ts', "import { two } from '#content/gateway/prompt.ts';\nexport default two;\n", 'never-sees-content-imports-contract-and-itself'],
  ['control importing only a type of the gateway', 'never-sees-content/server/b.ts', "import type { Prompt } from '../../sees-content/gateway/prompt.ts';\nexport type P = Prompt;\n", 'never-sees-content-imports-contract-and-itself'],
  ['the gateway importing the ledger', 'sees-content/gateway/c.ts', "import type { Entry } from '#control/ledger/entry.ts';\nexport type E = Entry;\n", 'sees-content-imports-contract-and-itself'],
  ['the command line importing a room dynamically', 'edge/cli/d.ts', "export const load = () => import('#control/ledger/entry.ts');\n", 'edge-imports-contract-and-itself'],
  ['the contract importing a room', 'contract/e.ts', "import { one } from '#control/ledger/entry.ts';\nexport default one;\n", 'contract-imports-nothing'],
  ['the contract using the machine', 'contract/f.ts', "import { readFileSync } from 'node:fs';\nexport default readFileSync;\n", 'contract-has-no-machine'],
  ['product code importing tests', 'sees-content/gateway/g.ts', "import { canary } from '#testing/canary/plant.ts';\nexport default canary;\n", 'nothing-imports-testing'],
  ['the gateway talking to Postgres', 'sees-content/gateway/h.ts', "import pg from 'pg';\nexport default pg;\n", 'only-storage-talks-to-postgres'],
  ['control listening outside its server', 'never-sees-content/ledger/i.ts', "import { createServer } from 'node:http';\nexport default createServer;\n", 'only-servers-listen'],
];

for (const [name, path, text, rule] of cases) {
  test(`${name} breaks the law`, async () => assert.ok((await broken(path, text)).includes(rule)));
}

test('imports within a room and of the contract are lawful', async () => {
  assert.deepEqual(await broken('never-sees-content/server/ok.ts', "import { one } from '#control/ledger/entry.ts';\nimport { operations } from '#contract/operations.ts';\nexport default [one, operations];\n"), []);
});
