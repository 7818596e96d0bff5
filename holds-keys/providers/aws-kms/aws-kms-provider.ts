/** A symmetric key in AWS KMS. The context goes along as encryption context, with the key's id: AWS writes it into the customer's CloudTrail. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { asDataKey, dataKeyFrom } from '../data-key.ts';
import { ProviderError } from '../provider.ts';
import type { KeyProvider, WrapContext, WrappedKey } from '../provider.ts';
import { ProviderServer } from '../provider-server.ts';
import { wrappedBytes } from '../wrapped-bytes.ts';
import { kmsFailure } from './kms-failure.ts';
import { signRequest } from './sign-request.ts';
import type { AwsCredentials } from './sign-request.ts';

export interface AwsKmsSettings extends AwsCredentials {
  region: string;
  /** The key's own ARN. An alias would let whoever may move it choose our key. */
  key: string;
  /** Where KMS answers, if not at the region's public address: a VPC endpoint or a FIPS one. */
  endpoint?: string | undefined;
  /** Certificates (PEM) to trust instead of the machine's own. */
  caFile?: string | undefined;
}

const alg = 'SYMMETRIC_DEFAULT';
const arns = /^arn:(aws|aws-cn|aws-us-gov):kms:([a-z0-9-]{1,40}):\d{12}:key\/[A-Za-z0-9-]{1,64}$/;
/** Field of the encryption context that holds the wrapped key's own id. */
const kidField = 'modelkeep:kid';
/** A rotation takes effect some seconds after it was ordered. */
const rotationPatience = 30;

const KeyInfo = z.object({ KeyMetadata: z.object({ Arn: z.string(), KeyState: z.string(), KeySpec: z.string(), KeyUsage: z.string(), CurrentKeyMaterialId: z.string().optional() }) });
const Encrypted = z.object({ KeyId: z.string(), CiphertextBlob: z.base64() });
const Decrypted = z.object({ KeyId: z.string(), Plaintext: z.base64() });

export class AwsKmsProvider implements KeyProvider {
  readonly kind = 'aws-kms';
  readonly #server: ProviderServer;
  readonly #credentials: AwsCredentials;
  readonly #arn: string;
  readonly #region: string;

  /** @throws ProviderError `misconfigured` */
  constructor({ region, key, endpoint, caFile, accessKeyId, secretAccessKey, sessionToken }: AwsKmsSettings) {
    const [, partition, of] = arns.exec(key) ?? [];
    if (of !== region) throw new ProviderError('misconfigured', 'the key in AWS KMS is named by its ARN, which is one of the region');
    if (![accessKeyId, secretAccessKey, sessionToken ?? 'none'].every((each) => /^[\x21-\x7e]+$/.test(each))) throw new ProviderError('misconfigured', 'the credentials of AWS are empty or have characters that none has');
    this.#server = new ProviderServer(endpoint ?? `https://kms.${region}.amazonaws.com${partition === 'aws-cn' ? '.cn' : ''}`, caFile);
    if (this.#server.url.pathname !== '/') throw new ProviderError('misconfigured', 'the endpoint of AWS KMS has no path');
    this.#credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
    this.#arn = key;
    this.#region = region;
  }

  async wrap(key: Buffer, context: WrapContext): Promise<WrappedKey> {
    const kid = await this.current();
    const made = await this.#ask('Encrypt', Encrypted, { KeyId: this.#arn, Plaintext: asDataKey(key).toString('base64'), EncryptionAlgorithm: alg, EncryptionContext: withKid(context, kid) });
    if (made.KeyId !== this.#arn) throw new ProviderError('unreachable');
    return { kid, alg, ciphertext: made.CiphertextBlob };
  }

  async unwrap({ kid, alg: by, ciphertext }: WrappedKey, context: WrapContext): Promise<Buffer> {
    if (kid !== this.#arn && !kid.startsWith(`${this.#arn}#`)) throw new ProviderError('key_not_found');
    if (by !== alg || ciphertext === '') throw new ProviderError('tampered');
    wrappedBytes(ciphertext, Buffer.byteLength(ciphertext, 'base64'));
    const made = await this.#ask('Decrypt', Decrypted, { KeyId: this.#arn, CiphertextBlob: ciphertext, EncryptionAlgorithm: alg, EncryptionContext: withKid(context, kid) });
    if (made.KeyId !== this.#arn) throw new ProviderError('tampered');
    return dataKeyFrom(made.Plaintext);
  }

  /** Asked of a key that is disabled or waits for its deletion, KMS tells this, where encryption would fail. */
  async current(): Promise<string> {
    const { KeyMetadata: key } = await this.#ask('DescribeKey', KeyInfo, { KeyId: this.#arn });
    if (key.Arn !== this.#arn) throw new ProviderError('unreachable');
    if (key.KeySpec !== alg || key.KeyUsage !== 'ENCRYPT_DECRYPT') throw new ProviderError('misconfigured', 'the key in AWS KMS is not a symmetric one for encryption');
    if (key.KeyState === 'Disabled') throw new ProviderError('disabled');
    if (key.KeyState === 'PendingDeletion') throw new ProviderError('key_not_found');
    if (key.KeyState !== 'Enabled' && key.KeyState !== 'Updating') throw new ProviderError('denied');
    return key.CurrentKeyMaterialId === undefined ? this.#arn : `${this.#arn}#${key.CurrentKeyMaterialId}`;
  }

  /** AWS also rotates by itself where its administrator has switched that on; what was wrapped before stays readable either way. */
  rotate = async (): Promise<string> => {
    const former = await this.current();
    await this.#ask('RotateKeyOnDemand', z.unknown(), { KeyId: this.#arn });
    for (let waited = 0; waited < rotationPatience; waited++) {
      const now = await this.current();
      if (now !== former || now === this.#arn) return now;
      await sleep(1000);
    }
    throw new ProviderError('unreachable');
  };

  async close(): Promise<void> { await this.#server.close(); }

  async #ask<T>(action: string, shape: z.ZodType<T>, question: object): Promise<T> {
    const body = JSON.stringify(question);
    const headers = signRequest(
      { method: 'POST', host: this.#server.url.host, path: '/', body, headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${action}` } },
      this.#credentials, { region: this.#region, service: 'kms', at: new Date() },
    );
    const answer = await this.#server.ask({ method: 'POST', path: '/', headers, body });
    if (answer.status !== 200) throw kmsFailure(answer);
    const { data, success } = shape.safeParse(answer.body);
    // What is not of KMS's form was said by something else in between.
    if (!success) throw new ProviderError('unreachable');
    return data;
  }
}

/** The context of ours cannot name the field, or a wrapped key could be given another id. */
function withKid(context: WrapContext, kid: string): Record<string, string> {
  if (Object.hasOwn(context, kidField)) throw new ProviderError('misconfigured', `a wrap context has no field ${kidField}`);
  return { ...context, [kidField]: kid };
}
