import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CustomerKeyCredential, CustomerKeySettings, ProviderKind } from '#contract/http/encryption.ts';
import { filled, isComplete, providers } from './providers.ts';

const examples: Readonly<Record<string, string>> = { address: 'https://vault.example:8200', endpoint: 'https://kms.example', vault: 'https://name.vault.azure.net', authority: 'https://login.example', path: '/keys/key', library: '/usr/lib/module.so', configuration: '/etc/module.conf', caFile: '/etc/ca.pem', region: 'eu-central-1' };

test('the form of every provider asks for what the contract wants, and for nothing else', () => {
  assert.deepEqual(providers.map(({ id }) => id).sort(), [...ProviderKind.options].sort());
  for (const { id, settings, credential } of providers) {
    const typed = Object.fromEntries([...settings, ...credential].map(({ name }) => [name, examples[name] ?? 'a-name']));
    for (const all of [true, false]) {
      const given = all ? typed : Object.fromEntries([...settings, ...credential].filter(({ optional }) => optional !== true).map(({ name }) => [name, typed[name] ?? '']));
      CustomerKeySettings.parse({ provider: id, ...filled(settings, given) });
      CustomerKeyCredential.parse(filled(credential, given));
      assert.ok(isComplete(settings, given) && isComplete(credential, given), id);
    }
    assert.ok(settings.filter(({ optional }) => optional !== true).every(({ name }) => !isComplete(settings, { ...typed, [name]: ' ' })), id);
  }
});
