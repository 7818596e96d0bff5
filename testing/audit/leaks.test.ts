/** The audit fails on builds that leak, and on one whose search is blind. Each is the product's own source with a line written into a copy of it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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
    installation = await Installation.start({ tree: build.tree });
    const audit = await audited(installation, ...args);
    assert.deepEqual({ code: audit.code, passed: audit.passed }, { code: 1, passed: false });
    return audit;
  } finally {
    await installation?.remove();
    build.remove();
  }
}
const sinks = ({ report }: Audited): string[] => [...new Set(report.leaks.map(({ sink }) => sink))].sort();
const failed = ({ report }: Audited): string[] => report.checks.filter(({ holds }) => !holds).map(({ check }) => check);

test('a prompt printed by the gateway is found in its log, and in the memory of the supervisor, which writes that', { timeout: 600_000 }, async () => {
  const audit = await auditOf([{ file: serveInference, after: parsed, insert: '  console.log(JSON.stringify(parsed.body));\n' }]);
  assert.deepEqual([sinks(audit), failed(audit), audit.positiveControlFound], [['data_folder', 'other_memory'], ['no_canary_kept'], true]);
  assert.ok(audit.hits > 50 && audit.report.leaks.every(({ place }) => place.endsWith('/logs/gateway.log') || place === 'memory of supervisor'));
  assert.ok(audit.report.leaks.some(({ operation, field }) => operation === 'createChatCompletion' && field === 'request messages[](user).content(1)'));
  assert.match(audit.page, /Failed: \d+ traces/);
});

test('a refusal that repeats what it refuses is found in the log and in the answer; a field too many is noticed at the engine', { timeout: 600_000 }, async () => {
  const audit = await auditOf([{
    file: 'never-sees-content/server/perform.ts', after: /const issue = result\.error\.issues\[0\];\n/,
    insert: '  console.log(JSON.stringify(value));\n  if (issue?.code !== "unrecognized_keys") throw new Refusal(otherwise, JSON.stringify(value).slice(0, 500));\n',
  }, { file: 'sees-content/gateway/inference/forwarded-body.ts', after: /createChatCompletion: \['messages', /, insert: "'user', " }]);
  assert.deepEqual([sinks(audit), failed(audit), audit.positiveControlFound], [['data_folder', 'other_memory', 'own_engine', 'refusals'], ['no_canary_kept', 'engine_received_no_more'], true]);
  assert.ok(audit.report.leaks.some(({ operation, outcome }) => operation === 'createDeployment' && outcome === 'refused_by_validation'));
  assert.deepEqual(audit.report.engine.surplus.map(({ name }) => name), ['user']);
});

test('a table that somebody made to look at prompts, a gateway that keeps a plain copy of what it seals, and a key-custody that prints a credential, are found', { timeout: 600_000 }, async () => {
  const insert = `  const debug = new pg.Client({ host: process.env['MODELKEEP_RUN'], user: 'modelkeep', database: 'modelkeep' });
  await debug.connect();
  await debug.query('create table if not exists debug (prompt text)').catch(() => undefined);
  await debug.query('insert into debug values ($1)', [JSON.stringify(parsed.body)]).catch(() => undefined);
  await debug.end();
`;
  const audit = await auditOf([{ file: serveInference, after: parsed, insert, imports: "import pg from 'pg';\n" }, {
    file: 'sees-content/gateway/files/store-content.ts', after: /for await \(const chunk of bytes\) \{ /, insert: "appendFileSync(`${process.env['MODELKEEP_DATA'] ?? ''}/debug`, chunk); ", imports: "import { appendFileSync } from 'node:fs';\n",
  }, { file: 'holds-keys/custody/project-keys/customer-keys.ts', after: /const closings = this\.#closings\.get\(project\);\n(?= {4}await this\.#turns)/, insert: '    console.log(JSON.stringify(credential));\n' }]);
  const found = sinks(audit);
  assert.ok(['database_dump', 'database_files', 'database_memory'].every((sink) => found.includes(sink)) && audit.positiveControlFound, found.join());
  assert.ok(audit.report.leaks.some(({ place, stream }) => place === 'table public.debug' && stream));
  assert.deepEqual([failed(audit), audit.positiveControlFound], [['no_canary_kept'], true]);
  const at = (end: string): string[] => audit.report.leaks.filter(({ place }) => place.endsWith(end)).map(({ operation, field, outcome }) => `${operation}, ${field}, ${outcome}`);
  for (const leak of ['createFile, request file, complete', 'createFile, request file, cut_off', 'createFile, request file (fine-tune), refused_by_rows', 'addUploadPart, request data, complete', 'completeUpload, content of the parts, complete', 'deleteFile, content of the file, deleted']) assert.ok(at('/debug').includes(leak), leak);
  assert.ok(at('/logs/key-custody.log').includes('setCustomerKey, request credential.token, complete'));
});

test('a search that sees nothing is not a clean bill; the report goes where it is asked to go', { timeout: 600_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'modelkeep-report-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const audit = await auditOf([{ file: 'never-sees-content/audit/search/search.ts', after: /#found\(hit: Hit\): void \{\n/, insert: '    if (Date.now() > 0) return;\n' }], '-o', join(folder, 'today'));
  assert.deepEqual([audit.hits, audit.positiveControlFound, failed(audit)], [0, false, ['leaks_of_our_own_found']]);
  assert.deepEqual(readdirSync(join(folder, 'today')).sort(), ['report.html', 'report.json', 'report.json.sig']);
});
