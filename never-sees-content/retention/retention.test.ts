/** P2 at the door: what declares that it keeps prompts or outputs is refused, and leaves nothing behind. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { errorCodes } from '#contract/error-codes.ts';
import { RetentionNeed } from '#contract/retention.ts';
import { declaredModels, loadDeclaredModels } from '../catalog/load-declared-models.ts';
import { ControlUnderTest } from '../server/control-under-test.ts';
import { startDatabase } from '../storage/database-under-test.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';

let database: DatabaseUnderTest;
let control: ControlUnderTest;
before(async () => {
  database = await startDatabase(process.env['MODELKEEP_TEST_DATABASE_URL']);
  control = await ControlUnderTest.start(database);
});
after(async () => { await control.stop(); await database.stop(); });

const known = 'smollm2-135m-instruct';
const refused = RetentionNeed.options.filter((need) => need !== 'none');
const engine = { name: 'hall', url: 'https://engines.example.org/v1', model: known };
const manifest = { name: 'keeper', version: '1', displayName: 'Keeper', publisher: 'Us', summary: '', task: 'chat-completion', licence: 'Apache-2.0', format: 'gguf', files: [] };
/** Every row but those of the ledger's publication, which follows by itself. */
const rows = async (): Promise<unknown[]> => await database.statement('select (select count(*) from engines) engines, (select count(*) from model_versions) models, (select max(seq) from ledger_entries) entries');

for (const need of refused) {
  for (const [path, body] of [['/api/engines', engine], ['/api/models', manifest]] as const) {
    test(`POST ${path} with retention ${need}: 400, and nothing is stored`, async () => {
      const before = await rows();
      assert.equal(await control.refusal('POST', path, { body: { ...body, retention: need } }), '400 retention_not_supported retention');
      assert.deepEqual(await rows(), before);
    });
  }
}

test('a need that the contract does not know is a wrong value', async () => {
  for (const [path, body] of [['/api/engines', engine], ['/api/models', manifest]] as const) {
    assert.equal(await control.refusal('POST', path, { body: { ...body, retention: 'thirty-days' } }), '400 invalid_request retention');
  }
});

test('what declares none, or nothing, is admitted and shown with retention none', async () => {
  const added = await control.get('POST', '/api/engines', { body: { ...engine, retention: 'none' } });
  const silent = await control.get('POST', '/api/engines', { body: { ...engine, name: 'silent' } });
  const model = await control.get<{ digest: string; retention: string }>('POST', '/api/models', { body: { ...manifest, retention: 'none' } });
  const deployed = await control.get('POST', '/api/deployments', { body: { name: 'far', model: known, kind: 'serverless', engine: 'hall' } });
  assert.deepEqual([added['retention'], silent['retention'], model.retention, deployed['retention']], ['none', 'none', 'none', 'none']);
  assert.equal((await control.get('GET', '/api/deployments/far'))['retention'], 'none');
  assert.equal((await control.get<{ digest: string }>('POST', '/api/models', { body: manifest })).digest, model.digest, 'saying none changes no digest');
});

test('a declared model that would keep anything is left out of the catalog', async () => {
  const [first] = declaredModels().values();
  assert.ok(first);
  await loadDeclaredModels(database.storage, new Map([['keeper.json', { ...first, name: 'declared-keeper', retention: 'outputs' as const }]]));
  assert.equal(await control.refusal('GET', '/api/models/declared-keeper'), '404 model_not_found model');
});

test('the refusal names the promise', () => { assert.match(errorCodes.retention_not_supported.message, /promises that neither is stored/); });
