import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CustomerKeySettings } from '#contract/http/encryption.ts';
import { CustomerKeys } from './customer-keys.ts';

const impossible: CustomerKeySettings[] = [
  { provider: 'vault', address: 'http://vault.invalid', mount: 'transit', key: 'theirs' },
  { provider: 'vault', address: 'https://vault.invalid', mount: '../sys', key: 'theirs' },
  { provider: 'aws-kms', region: 'eu-central-1', key: 'no ARN' },
  { provider: 'azure-key-vault', vault: 'http://vault.invalid', key: 'theirs', tenant: 'theirs', clientId: 'theirs' },
];
for (const [i, settings] of impossible.entries()) {
  test(`settings that no provider can be opened with are told as such, and nothing is kept of them (${settings.provider} ${i})`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'modelkeep-customer-keys-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const keys = new CustomerKeys(folder, randomBytes(32));
    const project = `prj_${'0'.repeat(26)}`;
    await assert.rejects(keys.set(project, settings, { token: 'a', pin: 'a' }, 'keep'), { code: 'customer_key_misconfigured' });
    assert.equal(keys.active(project), null);
  });
}
