/** The transit provider keeps the contract with a stand-in of Vault that Vault's own clients understand, and reads Vault's refusals rightly. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import nodeVault from 'node-vault';
import type { ProviderFailure, WrappedKey } from '#keys/providers/provider.ts';
import { ProviderError } from '#keys/providers/provider.ts';
import { VaultProvider } from '#keys/providers/vault/vault-provider.ts';
import type { VaultSettings } from '#keys/providers/vault/vault-provider.ts';
import { providerContract } from './contract-suite.ts';
import { FakeVault } from './fakes/vault.ts';

const settings = ({ url, name, token, caFile }: FakeVault): VaultSettings => ({ address: url, key: name, token, caFile });
const failed = (code: ProviderFailure) => (error: unknown): boolean => error instanceof ProviderError && error.code === code;
const context = { project: 'prj_1', purpose: 'file' };
const dataKey = randomBytes(32);

providerContract('Vault transit', async () => {
  const vault = await new FakeVault('tenant').start();
  const provider = new VaultProvider(settings(vault));
  return {
    provider, secrets: [vault.token],
    disable: async () => await Promise.resolve(vault.deny()), enable: async () => await Promise.resolve(vault.allow()), destroyVersions: async () => await Promise.resolve(vault.remove()),
    breakNetwork: () => vault.away(), restoreNetwork: () => vault.restore(), stop: async () => { await provider.close(); await vault.stop(); },
  };
});

describe('the stand-in of Vault', () => {
  test('serves node-vault: encryption with associated data, rotation, information, refusals', async () => {
    const vault = await new FakeVault('tenant').start();
    const client = nodeVault({ endpoint: vault.url, token: vault.token, requestOptions: { ca: vault.ca } });
    const aad = Buffer.from('context').toString('base64');
    const plaintext = dataKey.toString('base64');
    const { data: { ciphertext } } = await client.write('transit/encrypt/tenant', { plaintext, associated_data: aad });
    assert.match(ciphertext, /^vault:v1:/);
    await client.write('transit/keys/tenant/rotate', {});
    assert.equal((await client.read('transit/keys/tenant')).data.latest_version, 2);
    assert.equal((await client.write('transit/decrypt/tenant', { ciphertext, associated_data: aad })).data.plaintext, plaintext);
    await assert.rejects(client.write('transit/decrypt/tenant', { ciphertext }), /message authentication failed/);
    await assert.rejects(client.read('transit/keys/other'), /permission denied/);
    await assert.rejects(nodeVault({ endpoint: vault.url, token: 'hvs.other', requestOptions: { ca: vault.ca } }).read('transit/keys/tenant'), /permission denied/);
    await vault.stop();
  });
});

describe('a refusal of Vault', () => {
  let vault: FakeVault;
  let provider: VaultProvider;
  let wrapped: WrappedKey;
  before(async () => { vault = await new FakeVault('tenant').start(); });
  beforeEach(async () => { provider = new VaultProvider(settings(vault)); wrapped = await provider.wrap(dataKey, context); });
  afterEach(() => provider.close());
  after(() => vault.stop());

  test('a message that does not authenticate is tampered with, also where an older server says 500', async () => {
    for (const old of [false, true]) {
      vault.old = old;
      await assert.rejects(provider.unwrap(wrapped, {}), failed('tampered'));
    }
    vault.old = false;
  });

  test('a version below min_decryption_version is disabled until that is lowered; a trimmed one is gone', async () => {
    await provider.rotate();
    vault.oldestUsable(2);
    await assert.rejects(provider.unwrap(wrapped, context), failed('disabled'));
    vault.oldestUsable(1);
    assert.deepEqual(await provider.unwrap(wrapped, context), dataKey);
    vault.oldestUsable(2, true);
    vault.oldestUsable(1);
    await assert.rejects(provider.unwrap(wrapped, context), failed('key_not_found'));
  });

  test('a sealed or overloaded server, one without a leader, and a redirect are unreachable, and nothing follows the redirect', async () => {
    vault.sealed = true;
    await assert.rejects(provider.unwrap(wrapped, context), failed('unreachable'));
    vault.sealed = false;
    for (const status of [307, 412, 429, 472, 473, 500, 502, 503]) {
      vault.instead = { status, body: { errors: ['local node not active'] }, headers: status === 307 ? { location: `${vault.url}/v1/elsewhere` } : {} };
      await assert.rejects(provider.unwrap(wrapped, context), failed('unreachable'), String(status));
    }
    assert.ok(!vault.heard.some(({ url }) => url.pathname === '/v1/elsewhere'));
    vault.instead = undefined;
  });

  test('an answer of another form, or one without end, is none', async () => {
    for (const body of ['<html>', {}, { data: { plaintext: 5 } }, `"${'x'.repeat(70_000)}"`]) {
      vault.instead = { status: 200, body };
      await assert.rejects(provider.unwrap(wrapped, context), failed('unreachable'));
    }
    vault.instead = { status: 200, body: { data: { plaintext: randomBytes(31).toString('base64') } } };
    await assert.rejects(provider.unwrap(wrapped, context), failed('tampered'));
    vault.instead = undefined;
  });

  test('nothing of what the server said, nor the token, is in an error', async () => {
    vault.instead = { status: 403, body: { errors: ['permission denied for hunter2'] } };
    await assert.rejects(provider.unwrap(wrapped, context), (error: Error) => !/hunter2|permission/.test(`${error.stack ?? ''}${String(error.cause)}`) && failed('denied')(error));
    vault.instead = undefined;
  });

  test('wrong settings are told as such', async () => {
    const good = settings(vault);
    for (const change of [{ address: 'http://vault.example' }, { address: 'nowhere' }, { address: `${vault.url}/?a=b` }, { address: vault.url.replace('//', '//user:pw@') }, { key: '../tenant' }, { key: '..' }, { key: '' }, { mount: 'a/../b' }, { token: '' }, { token: 'a\r\nb' }, { namespace: '/' }, { caFile: '/nowhere.pem' }]) {
      assert.throws(() => new VaultProvider({ ...good, ...change }), failed('misconfigured'), JSON.stringify(change));
    }
    const { transit } = vault;
    assert.ok(transit);
    for (const change of [{ type: 'rsa-2048' }, { derived: true }]) {
      vault.transit = { ...transit, ...change };
      await assert.rejects(provider.wrap(dataKey, context), failed('misconfigured'));
    }
    vault.transit = transit;
  });

  test('a certificate that is not to be trusted is no connection', async () => {
    const { caFile: _, ...others } = settings(vault);
    const stranger = new VaultProvider(others);
    await assert.rejects(stranger.current(), failed('unreachable'));
    await stranger.close();
  });

  test('a namespace goes along', async () => {
    vault.namespace = 'admin/team';
    await assert.rejects(provider.unwrap(wrapped, context), failed('key_not_found'));
    const inside = new VaultProvider({ ...settings(vault), namespace: 'admin/team' });
    assert.deepEqual(await inside.unwrap(await inside.wrap(dataKey, context), context), dataKey);
    await inside.close();
    vault.namespace = undefined;
  });

  test('a key that is gone is not made anew by wrapping, even where the token could', async () => {
    vault.policy.add('create');
    vault.remove();
    await assert.rejects(provider.wrap(dataKey, context), failed('key_not_found'));
    assert.equal(vault.transit, undefined);
  });
});
