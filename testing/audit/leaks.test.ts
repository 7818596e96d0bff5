/** The audit fails on a build that leaks, and on one whose search is blind. Each is the product's own source with lines written into a copy of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Installation } from '../installation.ts';
import { LeakyBuild } from './leaky-build.ts';
import type { Leak } from './leaky-build.ts';
import { audited } from './run.ts';
import type { Audited } from './run.ts';

const serveInference = 'sees-content/gateway/inference/serve-inference.ts';
const parsed = /const parsed = parseRequest\([^\n]*\n/;

async function auditOf(leaks: Leak[], ...args: string[]): Promise<Audited> {
  const build = new LeakyBuild(...leaks);
  let installation: Installation | undefined;
  try {
    // Its code is compiled for it alone: none of it is to be kept.
    installation = await Installation.start({ tree: build.tree, env: { NODE_COMPILE_CACHE: undefined } });
    const audit = await audited(installation, ...args);
    assert.deepEqual({ code: audit.code, passed: audit.passed }, { code: 1, passed: false });
    return audit;
  } finally {
    await installation?.remove();
    build.remove();
  }
}
const failed = ({ report }: Audited): string[] => report.checks.filter(({ holds }) => !holds).map(({ check }) => check);

const printedPrompt: Leak = { file: serveInference, after: parsed, insert: '  console.log(JSON.stringify(parsed.body));\n' };
const promptInTable: Leak = {
  file: serveInference, after: parsed, imports: "import pg from 'pg';\n", insert: `  const debug = new pg.Client({ host: process.env['MODELKEEP_RUN'], user: 'modelkeep', database: 'modelkeep' });
  await debug.connect();
  await debug.query('create table if not exists debug (prompt text)').catch(() => undefined);
  await debug.query('insert into debug values ($1)', [JSON.stringify(parsed.body)]).catch(() => undefined);
  await debug.end();
`,
};
const repeatedRefusal: Leak = {
  file: 'never-sees-content/server/perform.ts', after: /const issue = result\.error\.issues\[0\];\n/,
  insert: '  console.log(JSON.stringify(value));\n  if (issue?.code !== "unrecognized_keys") throw new Refusal(otherwise, JSON.stringify(value).slice(0, 500));\n',
};
const fieldTooMany: Leak = { file: 'sees-content/gateway/inference/forwarded-body.ts', after: /createChatCompletion: \['messages', /, insert: "'user', " };
const plainCopy: Leak = {
  file: 'sees-content/gateway/files/store-content.ts', after: /for await \(const chunk of bytes\) \{ /, insert: "appendFileSync(`${process.env['MODELKEEP_DATA'] ?? ''}/debug`, chunk); ", imports: "import { appendFileSync } from 'node:fs';\n",
};
const printedCredential: Leak = { file: 'holds-keys/custody/project-keys/customer-keys.ts', after: /const closings = this\.#closings\.get\(project\);\n(?= {4}await this\.#turns)/, insert: '    console.log(JSON.stringify(credential));\n' };

describe('a build with six leaks', () => {
  let audit: Audited;
  /** Where something was found, by the sink that it belongs to. */
  let places: Map<string, Set<string>>;
  /** What was found at places whose name ends so. */
  const at = (end: string): string[] => audit.report.leaks.filter(({ place }) => place.endsWith(end)).map(({ operation, field, outcome }) => `${operation}, ${field}, ${outcome}`);
  before(async () => {
    audit = await auditOf([printedPrompt, promptInTable, repeatedRefusal, fieldTooMany, plainCopy, printedCredential]);
    places = new Map([...Map.groupBy(audit.report.leaks, ({ sink }) => sink)].map(([sink, leaks]) => [sink, new Set(leaks.map(({ place }) => place))]));
  }, { timeout: 900_000 });

  test('fails by them and by nothing else, and its page says how much was found', () => {
    assert.deepEqual([failed(audit), audit.positiveControlFound], [['no_canary_kept', 'engine_received_no_more'], true]);
    assert.match(audit.page, /Failed: \d[\d\s]* traces/);
  });

  test('a prompt printed by the gateway is found in its log, and in the memory of the supervisor, which writes that', () => {
    assert.ok(at('/logs/gateway.log').length > 50 && at('/logs/gateway.log').some((leak) => leak.startsWith('createChatCompletion, request messages[](user).content(1), ')));
    assert.deepEqual([...places.get('other_memory') ?? []], ['memory of supervisor']);
  });

  test('a refusal that repeats what it refuses is found in the log and in the answer; a field too many is noticed at the engine', () => {
    for (const sink of ['refusals', 'own_engine']) assert.ok(places.has(sink), sink);
    assert.ok(at('/logs/control.log').some((leak) => leak.startsWith('createDeployment, ') && leak.endsWith(', refused_by_validation')));
    assert.deepEqual(audit.report.engine.surplus.map(({ name }) => name), ['user']);
  });

  test('a table that somebody made to look at prompts is found in the database: its rows, its files, its memory', () => {
    for (const sink of ['database_dump', 'database_files', 'database_memory']) assert.ok(places.has(sink), sink);
    assert.ok(audit.report.leaks.some(({ place, stream }) => place === 'table public.debug' && stream));
  });

  test('a plain copy that the gateway keeps of what it seals is found, and a credential that key-custody prints', () => {
    for (const leak of ['createFile, request file, complete', 'createFile, request file, cut_off', 'createFile, request file (fine-tune), refused_by_rows', 'addUploadPart, request data, complete', 'completeUpload, content of the parts, complete', 'deleteFile, content of the file, deleted']) assert.ok(at('/debug').includes(leak), leak);
    assert.ok(at('/logs/key-custody.log').includes('setCustomerKey, request credential.token, complete'));
  });

  test('what did not leak was not found: no other file, and no memory but where it passed', () => {
    const files = ['gateway', 'control', 'key-custody'].map((name) => `/logs/${name}.log`);
    for (const place of places.get('data_folder') ?? []) assert.ok([...files, '/debug'].some((end) => place.endsWith(end)), place);
    assert.deepEqual([...places.keys()].sort(), ['data_folder', 'database_dump', 'database_files', 'database_memory', 'other_memory', 'own_engine', 'refusals']);
  });
});

test('a search that sees nothing is not a clean bill; the report goes where it is asked to go', { timeout: 600_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modelkeep-report-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const audit = await auditOf([{ file: 'never-sees-content/audit/search/search.ts', after: /#found\(hit: Hit\): void \{\n/, insert: '    if (Date.now() > 0) return;\n' }], '-o', join(folder, 'today'));
  assert.deepEqual([audit.hits, audit.positiveControlFound, failed(audit)], [0, false, ['leaks_of_our_own_found']]);
  assert.deepEqual(readdirSync(join(folder, 'today')).sort(), ['report.html', 'report.json', 'report.json.sig']);
});
