/** A project's keys: the hierarchy, the customer-managed key, rotation, disabling. What a key is made of is never here. */
import { z } from 'zod';
import { personal, pub, secret } from '../marks.ts';
import { Time } from '../names.ts';
import { operation } from '../operation.ts';

export const ProviderKind = z.enum(['file', 'pkcs11', 'vault', 'aws-kms', 'azure-key-vault']);
/** Whose answer it is: `disabled` is ours, `denied` is the provider's refusal; both close everything at once. `unreachable` is no answer. */
export const KeyState = z.enum(['enabled', 'disabled', 'denied', 'unreachable']);
export type KeyState = z.output<typeof KeyState>;

const url = z.url({ protocol: /^https?$/ });
const key = z.string().min(1).max(256);
const file = z.string().startsWith('/').max(1000);
/** Where a customer-managed key lives. The credential travels beside it, straight to key custody. */
export const CustomerKeySettings = z.discriminatedUnion('provider', [
  z.strictObject({ provider: pub(z.literal('file')), /** For development: a file stands for the provider. Left out, one is made among key custody's own. */ path: personal(file.optional()) }),
  z.strictObject({ provider: pub(z.literal('pkcs11')), library: personal(file), token: personal(key), key: personal(key), configuration: personal(file.optional()) }),
  z.strictObject({ provider: pub(z.literal('vault')), address: personal(url), mount: personal(key.default('transit')), key: personal(key), namespace: personal(key.optional()), caFile: personal(file.optional()) }),
  z.strictObject({ provider: pub(z.literal('aws-kms')), region: pub(z.string().regex(/^[a-z0-9-]{1,40}$/)), key: personal(key), endpoint: personal(url.optional()) }),
  z.strictObject({ provider: pub(z.literal('azure-key-vault')), vault: personal(url), key: personal(key), tenant: personal(key), clientId: personal(key), authority: personal(url.optional()) }),
]);
export type CustomerKeySettings = z.output<typeof CustomerKeySettings>;
/** PIN, token, secret: one per provider. */
export const CustomerKeyCredential = z.strictObject({
  pin: z.string().max(256).optional(), token: z.string().max(4096).optional(), clientSecret: z.string().max(512).optional(),
  accessKeyId: z.string().max(256).optional(), secretAccessKey: z.string().max(512).optional(), sessionToken: z.string().max(4096).optional(),
});
export type CustomerKeyCredential = z.output<typeof CustomerKeyCredential>;

export const CustomerKey = z.object({
  settings: CustomerKeySettings, state: pub(KeyState),
  /** The key version that wraps now. */
  kid: personal(z.string()),
  /** When the provider was last asked to unwrap, and answered. */
  checkedAt: pub(Time.nullable()), since: pub(Time),
  /** What a denied key does to the project's running deployments. */
  onDenied: pub(z.enum(['keep', 'stop'])),
  /** True where whoever can read the machine can read the key: for development only. */
  developmentOnly: pub(z.boolean()),
});
export const Encryption = z.object({
  project: pub(z.string()),
  platformKey: z.object({ version: pub(z.int()), since: pub(Time), dataKeys: pub(z.int()) }),
  /** Wraps the keys of the customer layer: the customer's own, or, until there is one, a second key of the platform. */
  customerLayer: z.object({ by: pub(z.enum(['platform', 'customer'])), version: pub(z.string()), dataKeys: pub(z.int()) }),
  customerKey: CustomerKey.nullable(),
  /** A rotation under way: keys wrapped anew, of all. */
  rotation: z.object({ done: pub(z.int()), of: pub(z.int()) }).nullable(),
});
export type Encryption = z.output<typeof Encryption>;

const keyErrors = ['customer_key_denied', 'customer_key_unreachable', 'key_custody_unavailable'] as const;
export const showEncryption = operation({
  id: 'showEncryption', summary: 'Show the project\'s key hierarchy and the state of its customer-managed key', tag: 'encryption', method: 'GET', path: '/api/encryption', access: 'read', servedBy: 'control', response: Encryption, errors: ['key_custody_unavailable'],
});
export const setCustomerKey = operation({
  id: 'setCustomerKey', summary: 'Use a customer-managed key: every data key of the customer layer is wrapped by it anew, without touching data', tag: 'encryption', method: 'POST', path: '/api/encryption/customer-key',
  access: 'people', servedBy: 'gateway',
  request: z.strictObject({ settings: CustomerKeySettings, credential: secret(CustomerKeyCredential.optional()), onDenied: pub(z.enum(['keep', 'stop']).default('keep')) }),
  response: Encryption, errors: ['invalid_json', 'invalid_request', 'unknown_parameter', 'customer_key_misconfigured', ...keyErrors],
});
export const removeCustomerKey = operation({
  id: 'removeCustomerKey', summary: 'Go back to the platform\'s key; needs the customer-managed key once more, to unwrap', tag: 'encryption', method: 'DELETE', path: '/api/encryption/customer-key',
  access: 'people', servedBy: 'control', response: Encryption, errors: ['customer_key_not_set', ...keyErrors],
});
export const rotateKeys = operation({
  id: 'rotateKeys', summary: 'New versions of the keys that wrap: data keys are wrapped anew, data stays as it is', tag: 'encryption', method: 'POST', path: '/api/encryption/rotate', access: 'people', servedBy: 'control',
  request: z.strictObject({ layer: pub(z.enum(['platform', 'customer', 'both']).default('both')) }), response: Encryption, errors: ['invalid_request', ...keyErrors],
});
export const disableCustomerKey = operation({
  id: 'disableCustomerKey', summary: 'Stop every use of the customer-managed key at once: uploads, downloads, jobs and new deployments of the project fail closed; nothing is lost', tag: 'encryption', method: 'POST', path: '/api/encryption/disable',
  access: 'people', servedBy: 'control', request: z.strictObject({}), response: Encryption, errors: ['customer_key_not_set', 'key_custody_unavailable'],
});
export const enableCustomerKey = operation({
  id: 'enableCustomerKey', summary: 'Use the customer-managed key again', tag: 'encryption', method: 'POST', path: '/api/encryption/enable', access: 'people', servedBy: 'control', request: z.strictObject({}), response: Encryption, errors: ['customer_key_not_set', ...keyErrors],
});
