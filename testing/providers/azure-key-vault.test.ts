/** The Key Vault provider keeps the contract with a stand-in of Azure Key Vault that Azure's own client works with, and cannot be led astray by a false vault. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { TokenCredential } from '@azure/core-auth';
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys';
import type { ProviderFailure, WrappedKey } from '#keys/providers/provider.ts';
import { ProviderError } from '#keys/providers/provider.ts';
import { AzureKeyVaultProvider } from '#keys/providers/azure-key-vault/azure-key-vault-provider.ts';
import type { AzureKeyVaultSettings } from '#keys/providers/azure-key-vault/azure-key-vault-provider.ts';
import { providerContract } from './contract-suite.ts';
import { FakeKeyVault } from './fakes/azure-key-vault.ts';

const settings = ({ url, name, tenantId, clientId, clientSecret, caFile }: FakeKeyVault): AzureKeyVaultSettings => ({ vault: url, key: name, authority: url, tenant: tenantId, clientId, clientSecret, caFile });
const failed = (code: ProviderFailure) => (error: unknown): boolean => error instanceof ProviderError && error.code === code;
const context = { project: 'prj_1', purpose: 'file' };
const dataKey = randomBytes(32);
const tokenRequests = (vault: FakeKeyVault): number => vault.heard.filter(({ url }) => url.pathname.endsWith('/token')).length;

providerContract('Azure Key Vault', async () => {
  const vault = await new FakeKeyVault('tenant').start();
  const provider = new AzureKeyVaultProvider(settings(vault));
  return {
    provider, secrets: [vault.clientSecret],
    disable: async () => { vault.enabled = false; return await Promise.resolve(); }, enable: async () => { vault.enabled = true; return await Promise.resolve(); }, destroyVersions: async () => { vault.deleted = true; return await Promise.resolve(); },
    breakNetwork: () => vault.away(), restoreNetwork: () => vault.restore(), stop: async () => { await provider.close(); await vault.stop(); },
  };
});

describe('the stand-in of Azure Key Vault', () => {
  test('serves the client of Azure: challenge, wrapping and unwrapping at the vault, rotation, refusals', async () => {
    const vault = await new FakeKeyVault('tenant').start();
    const credential: TokenCredential = { getToken: async () => await Promise.resolve({ token: vault.issueToken(), expiresOnTimestamp: Date.now() + 3_600_000 }) };
    const options = { disableChallengeResourceVerification: true, tlsOptions: { ca: vault.ca }, retryOptions: { maxRetries: 0 } };
    const keys = new KeyClient(vault.url, credential, options);
    const { id } = await keys.getKey('tenant');
    assert.equal(id, vault.kid);
    const client = new CryptographyClient(vault.kid, credential, options);
    const { result } = await client.wrapKey('RSA-OAEP-256', dataKey);
    assert.notEqual((await keys.rotateKey('tenant')).id, id);
    assert.deepEqual(Buffer.from((await client.unwrapKey('RSA-OAEP-256', result)).result), dataKey);
    vault.enabled = false;
    await assert.rejects(client.unwrapKey('RSA-OAEP-256', result), { statusCode: 403, code: 'Forbidden' });
    await assert.rejects(keys.getKey('other'), { statusCode: 404, code: 'KeyNotFound' });
    assert.ok(vault.heard.some(({ url }) => url.pathname.endsWith('/unwrapkey')));
    await vault.stop();
  });
});

describe('a refusal of Azure Key Vault', () => {
  let vault: FakeKeyVault;
  let provider: AzureKeyVaultProvider;
  let wrapped: WrappedKey;
  before(async () => { vault = await new FakeKeyVault('tenant').start(); });
  beforeEach(async () => { provider = new AzureKeyVaultProvider(settings(vault)); wrapped = await provider.wrap(dataKey, context); });
  afterEach(() => provider.close());
  after(() => vault.stop());

  test('a disabled key wraps nothing, though the vault would do it', async () => {
    vault.enabled = false;
    const asked = vault.heard.length;
    await assert.rejects(provider.wrap(dataKey, context), failed('disabled'));
    assert.ok(!vault.heard.slice(asked).some(({ url }) => url.pathname.endsWith('/wrapkey')));
    await assert.rejects(provider.unwrap(wrapped, context), failed('disabled'));
    vault.enabled = true;
  });

  test('unwrapping asks the vault every time: what was allowed once is not remembered', async () => {
    assert.deepEqual(await provider.unwrap(wrapped, context), dataKey);
    vault.permissions.delete('unwrapKey');
    await assert.rejects(provider.unwrap(wrapped, context), failed('denied'));
    vault.permissions.add('unwrapKey');
  });

  test('the data key itself never goes to the vault', async () => {
    await provider.unwrap(await provider.wrap(dataKey, context), context);
    assert.ok(!vault.heard.some(({ body }) => body.includes(dataKey.toString('base64url'))));
  });

  test('what Azure answers by status and code, with nothing of its text kept', async () => {
    const inner = (code: string): object => ({ error: { code: 'Forbidden', message: 'hunter2', innererror: { code } } });
    const means: [status: number, body: unknown, code: ProviderFailure][] = [
      [403, inner('KeyDisabled'), 'disabled'], [403, { error: { code: 'Forbidden', innerError: { code: 'KeyDisabled' } } }, 'disabled'], [403, inner('ForbiddenByPolicy'), 'denied'], [403, inner('AccessDenied'), 'denied'], [403, '<html>', 'denied'], [404, {}, 'key_not_found'],
      [400, {}, 'tampered'], [429, {}, 'unreachable'], [500, {}, 'unreachable'], [503, {}, 'unreachable'], [302, '', 'unreachable'], [200, {}, 'unreachable'], [200, 'x'.repeat(70_000), 'unreachable'], [401, {}, 'denied'],
    ];
    for (const [status, body, code] of means) {
      vault.instead = { status, body };
      await assert.rejects(provider.unwrap(wrapped, context), (error: Error) => failed(code)(error) && !(error.stack ?? '').includes('hunter2'), `${status} ${JSON.stringify(body).slice(0, 80)}`);
    }
    vault.instead = undefined;
  });

  test('a token is kept while it is good, got once by many who wait, and got anew when the vault takes it no more', async () => {
    const before = tokenRequests(vault);
    const fresh = new AzureKeyVaultProvider(settings(vault));
    await Promise.all(Array.from({ length: 10 }, () => fresh.unwrap(wrapped, context)));
    assert.equal(tokenRequests(vault), before + 1);
    vault.revokeTokens();
    assert.deepEqual(await fresh.unwrap(wrapped, context), dataKey);
    assert.equal(tokenRequests(vault), before + 2);
    await fresh.close();
  });

  test('a token that is about to end is not used', async () => {
    vault.tokenLife = 30;
    const before = tokenRequests(vault);
    const fresh = new AzureKeyVaultProvider(settings(vault));
    await fresh.unwrap(wrapped, context);
    await fresh.unwrap(wrapped, context);
    assert.equal(tokenRequests(vault), before + 2);
    await fresh.close();
    vault.tokenLife = 3600;
  });

  test('a wrong secret of the application is denied', async () => {
    const stranger = new AzureKeyVaultProvider({ ...settings(vault), clientSecret: 'other' });
    await assert.rejects(stranger.unwrap(wrapped, context), failed('denied'));
    await stranger.close();
  });

  test('Entra away, busy, or answering with something else is unreachable', async () => {
    for (const reply of [{ status: 503 }, { status: 429 }, { status: 400, body: { error: 'temporarily_unavailable', error_description: 'AADSTS90033: the description that Entra adds' } }, { status: 302, headers: { location: vault.url } }, { status: 200, body: { token_type: 'Bearer' } }, { status: 200, body: { token_type: 'pop', access_token: 'a', expires_in: 3600 } }, { status: 200, body: { token_type: 'Bearer', access_token: 'a\r\nb', expires_in: 3600 } }]) {
      vault.insteadOfToken = reply;
      const fresh = new AzureKeyVaultProvider(settings(vault));
      await assert.rejects(fresh.unwrap(wrapped, context), failed('unreachable'), JSON.stringify(reply));
      vault.insteadOfToken = undefined;
      assert.deepEqual(await fresh.unwrap(wrapped, context), dataKey);
      await fresh.close();
    }
  });

  test('a false vault does not learn the secret, and gets no token that is good elsewhere', async () => {
    const authority = `${vault.url}/${vault.tenantId}`;
    const others = [
      `Bearer authorization="https://login.example/${vault.tenantId}", resource="${vault.url}"`, `Bearer authorization="${vault.url}/00000000-0000-4000-8000-000000000000", resource="${vault.url}"`,
      `Bearer authorization="${authority}", resource="https://vault.azure.net"`, `Bearer authorization="${authority}", resource="https://host"`, `Bearer authorization="${authority}", scope="https://management.azure.com/.default"`,
      `Bearer authorization="${authority.replace('https', 'http')}", resource="${vault.url}"`, `Bearer authorization="${authority}"`, 'Basic realm="vault"', '',
    ];
    for (const challenge of others) {
      vault.challenge = challenge;
      const [led, before] = [new AzureKeyVaultProvider(settings(vault)), tokenRequests(vault)];
      await assert.rejects(led.unwrap(wrapped, context), failed('misconfigured'), challenge);
      assert.equal(tokenRequests(vault), before);
      await led.close();
    }
    vault.challenge = undefined;
  });

  test('wrong settings are told as such', async () => {
    const good = settings(vault);
    const { authority: _, ...noAuthority } = good;
    assert.throws(() => new AzureKeyVaultProvider(noAuthority), failed('misconfigured'));
    for (const change of [{ vault: 'http://tenant.vault.azure.net' }, { vault: `${vault.url}/keys` }, { authority: 'http://login.example' }, { authority: `${vault.url}/x` }, { key: 'a/b' }, { key: '' }, { tenant: '../x' }, { tenant: 'example.org' }, { clientId: '' }, { clientSecret: '' }]) {
      assert.throws(() => new AzureKeyVaultProvider({ ...good, ...change }), failed('misconfigured'), JSON.stringify(change));
    }
    vault.operations = ['sign', 'verify'];
    await assert.rejects(provider.wrap(dataKey, context), failed('misconfigured'));
    vault.operations = ['wrapKey', 'unwrapKey'];
  });
});
