import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliOf } from './cli-of.ts';

test('every filter of the catalog is an option of the command, quoted as a shell needs it', () => {
  assert.equal(cliOf({ search: 'it\'s small', task: 'embeddings', licence: 'Apache-2.0', publisher: 'Q & A', deployable: 'true', pull: 'pulled', maxSize: 1000, sort: 'size' }),
    'npx modelkeep models list --search \'it\'\\\'\'s small\' --task embeddings --licence Apache-2.0 --publisher \'Q & A\' --max-size 1000 --sort size --deployable --pulled');
  assert.equal(cliOf({ deployable: 'false', pull: 'failed' }), 'npx modelkeep models list --external --pull failed');
  assert.equal(cliOf({}), 'npx modelkeep models list');
});
