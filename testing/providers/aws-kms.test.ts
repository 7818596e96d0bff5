/** The KMS provider keeps the contract with a stand-in of AWS KMS that AWS's own client works with, and reads AWS's refusals rightly. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, KMSClient, RotateKeyOnDemandCommand } from '@aws-sdk/client-kms';
import type { ProviderFailure, WrappedKey } from '#keys/providers/provider.ts';
import { ProviderError } from '#keys/providers/provider.ts';
import { AwsKmsProvider } from '#keys/providers/aws-kms/aws-kms-provider.ts';
import type { AwsKmsSettings } from '#keys/providers/aws-kms/aws-kms-provider.ts';
import { providerContract } from './contract-suite.ts';
import { FakeKms } from './fakes/aws-kms.ts';

const settings = ({ url, arn, accessKeyId, secretAccessKey, sessionToken, caFile }: FakeKms): AwsKmsSettings => ({ region: 'eu-central-1', key: arn, endpoint: url, accessKeyId, secretAccessKey, sessionToken, caFile });
const failed = (code: ProviderFailure) => (error: unknown): boolean => error instanceof ProviderError && error.code === code;
const context = { project: 'prj_1', purpose: 'file' };
const dataKey = randomBytes(32);

providerContract('AWS KMS', async () => {
  const kms = await new FakeKms().start();
  const provider = new AwsKmsProvider(settings(kms));
  const state = (state: FakeKms['state']) => async (): Promise<void> => { if (kms.state !== 'gone') kms.state = state; return await Promise.resolve(); };
  return {
    provider, secrets: [kms.secretAccessKey], disable: state('Disabled'), enable: state('Enabled'), destroyVersions: state('gone'),
    breakNetwork: () => kms.away(), restoreNetwork: () => kms.restore(), stop: async () => { await provider.close(); await kms.stop(); },
  };
});

describe('the stand-in of AWS KMS', () => {
  test('serves the client of AWS: encryption context, description, rotation, refusals, session tokens', async () => {
    const kms = await new FakeKms().start();
    kms.sessionToken = randomBytes(60).toString('base64');
    const { url, accessKeyId, secretAccessKey, sessionToken } = kms;
    const made = (secret: string): KMSClient => new KMSClient({ region: 'eu-central-1', endpoint: url, credentials: { accessKeyId, secretAccessKey: secret, sessionToken }, maxAttempts: 1, requestHandler: { httpsAgent: new Agent({ ca: kms.ca }) } });
    const client = made(secretAccessKey);
    const { CiphertextBlob, KeyId } = await client.send(new EncryptCommand({ KeyId: kms.keyId, Plaintext: dataKey, EncryptionContext: { b: '2', a: '1' } }));
    assert.equal(KeyId, kms.arn);
    await client.send(new RotateKeyOnDemandCommand({ KeyId: kms.arn }));
    assert.deepEqual(Buffer.from((await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1', b: '2' } }))).Plaintext ?? []), dataKey);
    await assert.rejects(client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { a: '1' } })), { name: 'InvalidCiphertextException' });
    assert.equal((await client.send(new DescribeKeyCommand({ KeyId: kms.arn }))).KeyMetadata?.KeyState, 'Enabled');
    await assert.rejects(client.send(new DescribeKeyCommand({ KeyId: 'other' })), { name: 'NotFoundException' });
    await assert.rejects(made('other').send(new DescribeKeyCommand({ KeyId: kms.arn })), { name: 'InvalidSignatureException' });
    kms.state = 'Disabled';
    await assert.rejects(client.send(new DecryptCommand({ CiphertextBlob })), { name: 'DisabledException' });
    await kms.stop();
  });
});

describe('a refusal of AWS KMS', () => {
  let kms: FakeKms;
  let provider: AwsKmsProvider;
  let wrapped: WrappedKey;
  before(async () => { kms = await new FakeKms().start(); });
  beforeEach(async () => { provider = new AwsKmsProvider(settings(kms)); wrapped = await provider.wrap(dataKey, context); });
  afterEach(() => provider.close());
  after(() => kms.stop());

  test('each state of the key in which it cannot be used', async () => {
    const means: [state: FakeKms['state'], unwrap: ProviderFailure, current: ProviderFailure][] = [['Disabled', 'disabled', 'disabled'], ['PendingDeletion', 'denied', 'key_not_found'], ['PendingImport', 'denied', 'denied'], ['Unavailable', 'denied', 'denied']];
    for (const [state, unwrap, current] of means) {
      kms.state = state;
      await assert.rejects(provider.unwrap(wrapped, context), failed(unwrap), state);
      await assert.rejects(provider.current(), failed(current), state);
      await assert.rejects(provider.wrap(dataKey, context), failed(current), state);
    }
    kms.state = 'Enabled';
    assert.deepEqual(await provider.unwrap(wrapped, context), dataKey);
  });

  test('what AWS answers by code, whatever its spelling', async () => {
    const means: [type: string, code: ProviderFailure][] = [
      ['AccessDeniedException', 'denied'], ['com.amazonaws.kms#AccessDeniedException', 'denied'], ['DisabledException:http://internal.amazon.com/', 'disabled'], ['ExpiredTokenException', 'denied'], ['UnrecognizedClientException', 'denied'], ['IncorrectKeyException', 'tampered'],
      ['InvalidCiphertextException', 'tampered'], ['NotFoundException', 'key_not_found'], ['ThrottlingException', 'unreachable'], ['InvalidSignatureException', 'misconfigured'], ['toString', 'denied'], ['SomethingNew', 'denied'],
    ];
    for (const [type, code] of means) {
      kms.instead = { status: 400, body: { __type: type, message: 'hunter2' } };
      await assert.rejects(provider.unwrap(wrapped, context), (error: Error) => failed(code)(error) && !(error.stack ?? '').includes('hunter2'), type);
    }
    for (const [status, body] of [[500, { __type: 'KMSInternalException' }], [500, { __type: 'KeyUnavailableException' }], [503, '<html>'], [429, {}], [302, ''], [200, {}], [200, 'x'.repeat(70_000)]] as const) {
      kms.instead = { status, body };
      await assert.rejects(provider.unwrap(wrapped, context), failed('unreachable'), `${status}`);
    }
    kms.instead = undefined;
  });

  test('a policy that leaves out an action', async () => {
    kms.policy.delete('Decrypt');
    await assert.rejects(provider.unwrap(wrapped, context), failed('denied'));
    kms.policy.add('Decrypt');
    kms.policy.delete('RotateKeyOnDemand');
    await assert.rejects(provider.rotate(), failed('denied'));
    kms.policy.add('RotateKeyOnDemand');
  });

  test('wrong settings are told as such', async () => {
    const good = settings(kms);
    for (const change of [{ key: kms.keyId }, { key: 'arn:aws:kms:eu-central-1:111122223333:alias/tenant' }, { region: 'us-east-1' }, { endpoint: 'http://kms.example' }, { endpoint: `${kms.url}/path` }, { accessKeyId: '' }, { secretAccessKey: 'a b' }, { sessionToken: 'a\nb' }]) {
      assert.throws(() => new AwsKmsProvider({ ...good, ...change }), failed('misconfigured'), JSON.stringify(change));
    }
    const wrongSecret = new AwsKmsProvider({ ...good, secretAccessKey: 'other' });
    await assert.rejects(wrongSecret.current(), failed('misconfigured'));
    const wrongKey = new AwsKmsProvider({ ...good, accessKeyId: 'AKIAOTHER' });
    await assert.rejects(wrongKey.current(), failed('denied'));
    await Promise.all([wrongSecret.close(), wrongKey.close()]);
    kms.spec = 'RSA_2048';
    await assert.rejects(provider.wrap(dataKey, context), failed('misconfigured'));
    kms.spec = 'SYMMETRIC_DEFAULT';
    await assert.rejects(provider.wrap(dataKey, { 'modelkeep:kid': 'x' }), failed('misconfigured'));
  });

  test('temporary credentials are signed too', async () => {
    kms.sessionToken = randomBytes(60).toString('base64');
    await assert.rejects(provider.unwrap(wrapped, context), failed('denied'));
    const temporary = new AwsKmsProvider(settings(kms));
    assert.deepEqual(await temporary.unwrap(wrapped, context), dataKey);
    await temporary.close();
    kms.sessionToken = undefined;
  });

  test('a rotation is waited for until AWS shows it', async () => {
    kms.rotationLag = 1;
    const made = await provider.rotate();
    assert.notEqual(made, wrapped.kid);
    assert.equal((await provider.wrap(dataKey, context)).kid, made);
    kms.rotationLag = 0;
  });

  test('where AWS does not tell which material is current, the key\'s own name is the version', async () => {
    kms.tellsMaterial = false;
    const plain = await provider.wrap(dataKey, context);
    assert.equal(plain.kid, kms.arn);
    assert.deepEqual(await provider.unwrap(plain, context), dataKey);
    assert.equal(await provider.rotate(), kms.arn);
    kms.tellsMaterial = true;
  });
});
