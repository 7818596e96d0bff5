/** AWS KMS with one symmetric key: https://docs.aws.amazon.com/kms/latest/APIReference/. Checks each signature anew from what was sent; real AES-256-GCM. */
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { FakeServer, Refusal, fields } from './fake-server.ts';
import type { Heard, Reply } from './fake-server.ts';

const region = 'eu-central-1';
const failure = (type: string, status = 400): Refusal => new Refusal({ status, body: { __type: type, message: `${type}: the message that AWS adds` }, headers: { 'x-amzn-errortype': type } });
const invalid = (what: string): never => { throw new Refusal({ status: 400, body: { __type: 'ValidationException', message: what } }); };
const alg = 'SYMMETRIC_DEFAULT';

export class FakeKms extends FakeServer {
  readonly accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  readonly secretAccessKey = randomBytes(30).toString('base64');
  sessionToken: string | undefined;
  readonly keyId = `${randomBytes(4).toString('hex')}-0000-4000-8000-${randomBytes(6).toString('hex')}`;
  readonly arn = `arn:aws:kms:${region}:111122223333:key/${this.keyId}`;
  /** Actions that the credentials' policy allows. */
  readonly policy = new Set(['Encrypt', 'Decrypt', 'DescribeKey', 'RotateKeyOnDemand']);
  state: 'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'Unavailable' | 'gone' = 'Enabled';
  spec = alg;
  /** Whether DescribeKey says which material is current: it did not before 2025. */
  tellsMaterial = true;
  /** How often a rotation is not seen yet when it is looked for. */
  rotationLag = 0;
  readonly #materials = new Map<string, Buffer>();
  #current = '';
  #unseen = { id: '', times: 0 };

  constructor() { super(); this.#addMaterial(); }

  protected answer(heard: Heard): Reply {
    this.#authenticate(heard);
    const [, action = ''] = /^TrentService\.(\w+)$/.exec(String(heard.headers['x-amz-target'])) ?? [];
    if (heard.method !== 'POST' || heard.url.pathname !== '/' || heard.url.search !== '' || heard.headers['content-type'] !== 'application/x-amz-json-1.1') throw failure('UnknownOperationException', 404);
    const actions: Record<string, (body: string) => object> = { Encrypt: (body) => this.#encrypt(body), Decrypt: (body) => this.#decrypt(body), DescribeKey: (body) => this.#describe(body), RotateKeyOnDemand: (body) => this.#rotate(body) };
    const perform = actions[action];
    if (!perform) throw failure('UnknownOperationException');
    if (!this.policy.has(action)) throw failure('AccessDeniedException');
    return { status: 200, body: perform(heard.body), headers: { 'content-type': 'application/x-amz-json-1.1' } };
  }

  /** As the receiving side does it: every signed header as it came, those that must be signed among them. */
  #authenticate({ method, url, headers, body }: Heard): void {
    const header = headers.authorization ?? '';
    if (header === '') throw failure('MissingAuthenticationTokenException');
    const [, accessKeyId, day, at, service, names = '', signature = ''] = /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([a-z0-9-]+)\/(\w+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(header) ?? [];
    if (accessKeyId === undefined) throw failure('IncompleteSignature');
    if (accessKeyId !== this.accessKeyId || headers['x-amz-security-token'] !== this.sessionToken) throw failure('UnrecognizedClientException');
    const signed = names.split(';');
    const time = String(headers['x-amz-date']);
    const instant = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    const mustSign = Object.keys(headers).filter((name) => name === 'host' || name.startsWith('x-amz-'));
    const whole = mustSign.every((name) => signed.includes(name)) && [...signed].sort().join() === names.replaceAll(';', ',') && at === region && service === 'kms' && time.startsWith(day ?? 'none') && Math.abs(instant - Date.now()) < 300_000;
    const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
    const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
    const canonical = `${method}\n${url.pathname}\n\n${signed.map((name) => `${name}:${String(headers[name]).trim().replace(/\s+/g, ' ')}\n`).join('')}\n${names}\n${hash(body)}`;
    const key = hmac(hmac(hmac(hmac(`AWS4${this.secretAccessKey}`, day ?? ''), region), 'kms'), 'aws4_request');
    const expected = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/kms/aws4_request\n${hash(canonical)}`);
    if (!whole || !timingSafeEqual(expected, Buffer.from(signature, 'hex'))) throw failure('InvalidSignatureException');
  }

  #addMaterial(): void {
    this.#current = randomBytes(32).toString('hex');
    this.#materials.set(this.#current, randomBytes(32));
  }

  /** The key in the question, which may be used. */
  #usable(keyId: string | undefined): void {
    this.#known(keyId);
    if (this.state === 'Disabled') throw failure('DisabledException');
    if (this.state !== 'Enabled') throw failure('KMSInvalidStateException');
  }
  #known(keyId: string | undefined): void {
    if (keyId === undefined) invalid('KeyId is missing');
    if (![this.keyId, this.arn].includes(keyId ?? '') || this.state === 'gone') throw failure('NotFoundException');
  }

  #describe(body: string): object {
    const { KeyId } = fields(body, { KeyId: 'string' }, invalid);
    this.#known(KeyId);
    return { KeyMetadata: {
      AWSAccountId: '111122223333', Arn: this.arn, KeyId: this.keyId, CreationDate: 1.78e9, Description: '', Enabled: this.state === 'Enabled', KeyState: this.state, KeyManager: 'CUSTOMER', Origin: 'AWS_KMS',
      KeySpec: this.spec, CustomerMasterKeySpec: this.spec, KeyUsage: 'ENCRYPT_DECRYPT', EncryptionAlgorithms: [alg], MultiRegion: false, ...(this.tellsMaterial ? { CurrentKeyMaterialId: this.#unseen.times-- > 0 ? this.#unseen.id : this.#current } : {}),
    } };
  }

  #rotate(body: string): object {
    const { KeyId } = fields(body, { KeyId: 'string' }, invalid);
    this.#usable(KeyId);
    this.#unseen = { id: this.#current, times: this.rotationLag };
    this.#addMaterial();
    return { KeyId: this.arn };
  }

  /** Layout of the blob is AWS's own affair; here: id of the material, nonce, ciphertext, tag. */
  #encrypt(body: string): object {
    const { KeyId, Plaintext, EncryptionContext = {}, EncryptionAlgorithm = alg } = fields(body, { KeyId: 'string', Plaintext: 'string', EncryptionContext: 'strings', EncryptionAlgorithm: 'string' }, invalid);
    this.#usable(KeyId);
    const plaintext = base64(Plaintext);
    if (EncryptionAlgorithm !== alg || plaintext.length === 0 || plaintext.length > 4096) invalid('Plaintext');
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#material(this.#current), nonce).setAAD(this.#aad(EncryptionContext));
    return { CiphertextBlob: Buffer.concat([Buffer.from(this.#current.slice(0, 16), 'hex'), nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64'), EncryptionAlgorithm: alg, KeyId: this.arn };
  }

  #decrypt(body: string): object {
    const { KeyId, CiphertextBlob, EncryptionContext = {}, EncryptionAlgorithm = alg } = fields(body, { KeyId: 'string', CiphertextBlob: 'string', EncryptionContext: 'strings', EncryptionAlgorithm: 'string' }, invalid);
    this.#usable(KeyId ?? this.arn);
    const blob = base64(CiphertextBlob);
    if (EncryptionAlgorithm !== alg) throw failure('InvalidKeyUsageException');
    const id = [...this.#materials.keys()].find((each) => each.startsWith(blob.subarray(0, 8).toString('hex')));
    if (blob.length < 8 + 12 + 16 || id === undefined) throw failure('InvalidCiphertextException');
    const decipher = createDecipheriv('aes-256-gcm', this.#material(id), blob.subarray(8, 20)).setAAD(this.#aad(EncryptionContext)).setAuthTag(blob.subarray(-16));
    const plain = decipher.update(blob.subarray(20, -16));
    try { return { EncryptionAlgorithm: alg, KeyId: this.arn, KeyMaterialId: id, Plaintext: Buffer.concat([plain, decipher.final()]).toString('base64') }; } catch { throw failure('InvalidCiphertextException'); }
  }

  #material(id: string): Buffer { return this.#materials.get(id) ?? invalid('material'); }
  /** Pairs count, their order does not. */
  #aad(context: Record<string, string>): Buffer { return Buffer.from(JSON.stringify([this.arn, Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))])); }
}

function base64(text: string | undefined): Buffer {
  const bytes = Buffer.from(text ?? '', 'base64');
  if (text === undefined || bytes.toString('base64') !== text) throw new Refusal({ status: 400, body: { __type: 'SerializationException' } });
  return bytes;
}
