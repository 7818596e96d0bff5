/** A vault is believed only what fits its own address, the application's tenant and its cloud. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ProviderError } from '../provider.ts';
import { checkChallenge } from './challenge.ts';
import { cloudOf } from './clouds.ts';

const tenant = '11111111-2222-4333-8444-555555555555';
const vaultHost = 'acme.vault.azure.net';
const expected = { vaultHost, authorities: cloudOf(vaultHost)?.named ?? [], tenant };
const refused = (error: unknown): boolean => error instanceof ProviderError && error.code === 'misconfigured';

describe('what a vault of Azure says is understood', () => {
  const said: [name: string, header: string][] = [
    ['as it does', `Bearer authorization="https://login.microsoftonline.com/${tenant}", resource="https://vault.azure.net"`],
    ['with the older name of the authority', `Bearer authorization="https://login.windows.net/${tenant}", resource="https://vault.azure.net"`],
    ['with a scope', `Bearer authorization_uri="https://login.microsoftonline.com/${tenant}/", scope="https://vault.azure.net/.default"`],
    ['with the tenant in capitals', `Bearer authorization="https://login.microsoftonline.com/${tenant.toUpperCase()}", resource="https://vault.azure.net/"`],
  ];
  for (const [name, header] of said) test(name, () => assert.equal(checkChallenge(header, expected), 'https://vault.azure.net/.default'));
});

describe('confusion: a token for somewhere else, or from somebody else, is refused', () => {
  const good = { authorization: `https://login.microsoftonline.com/${tenant}`, resource: 'https://vault.azure.net' };
  const changes: Partial<typeof good>[] = [
    { resource: 'https://management.azure.com' }, { resource: 'https://net' }, { resource: 'https://vault.azure.net.evil.example' }, { resource: 'https://evil-vault.azure.net' }, { resource: 'http://vault.azure.net' }, { resource: 'https://other.vault.azure.net' },
    { authorization: `https://login.evil.example/${tenant}` }, { authorization: `https://login.microsoftonline.com@evil.example/${tenant}` }, { authorization: `http://login.microsoftonline.com/${tenant}` }, { authorization: `https://login.microsoftonline.us/${tenant}` },
    { authorization: 'https://login.microsoftonline.com/common' }, { authorization: 'https://login.microsoftonline.com/' }, { authorization: `https://login.microsoftonline.com/x/${tenant}` }, { authorization: `https://login.microsoftonline.com:8443/${tenant}` },
  ];
  for (const change of changes) {
    const { authorization, resource } = { ...good, ...change };
    test(Object.values(change).join(), () => assert.throws(() => checkChallenge(`Bearer authorization="${authorization}", resource="${resource}"`, expected), refused));
  }
});

test('whatever a header says, it is refused or leads to the vault\'s own domain', () => {
  const part = fc.constantFrom('Bearer ', 'authorization="', 'resource="', 'scope="', '"', ', ', `https://login.microsoftonline.com/${tenant}`, 'https://vault.azure.net', 'https://evil.example', '/.default', '@', '\\', '#');
  fc.assert(fc.property(fc.oneof(fc.string(), fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))), (header) => {
    try { return checkChallenge(header, expected) === 'https://vault.azure.net/.default'; } catch (error) { return refused(error); }
  }), { numRuns: 2000 });
});

test('each cloud has its own authority, and a look-alike of its domain has none', () => {
  assert.equal(cloudOf('acme.vault.usgovcloudapi.net')?.authority, 'https://login.microsoftonline.us');
  assert.equal(cloudOf('acme.managedhsm.azure.net')?.authority, 'https://login.microsoftonline.com');
  for (const host of ['vault.azure.net', 'acme.vault.azure.net.evil.example', 'acme-vault.azure.net', 'localhost']) assert.equal(cloudOf(host), undefined);
});
