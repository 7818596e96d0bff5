/** The providers of a customer-managed key, and what each wants to be told. */
import type { CustomerKeySettings } from '#contract/http/encryption.ts';

export type Provider = CustomerKeySettings['provider'];
/** `name`: as the contract has it. Where it is `optional`, an empty field is left out. */
export interface Setting { name: string; label: string; hint?: string; optional?: boolean; initial?: string }
interface Described { id: Provider; name: string; says: string; settings: readonly Setting[]; credential: readonly Setting[] }

export const providers: readonly Described[] = [
  {
    id: 'vault', name: 'HashiCorp Vault (transit)', says: 'A key of the transit engine. Modelkeep needs a token that may encrypt and decrypt with it, and nothing else.',
    settings: [{ name: 'address', label: 'Address', hint: 'Such as https://vault.example:8200' }, { name: 'mount', label: 'Mount', initial: 'transit' }, { name: 'key', label: 'Key', hint: 'Its name in that mount' }, { name: 'namespace', label: 'Namespace', optional: true }, { name: 'caFile', label: 'File of its certificate authority', hint: 'On the server; empty where its certificate is publicly trusted', optional: true }],
    credential: [{ name: 'token', label: 'Token' }],
  },
  {
    id: 'aws-kms', name: 'AWS KMS', says: 'A symmetric key for encryption and decryption. Modelkeep needs kms:Encrypt, kms:Decrypt and kms:DescribeKey on it.',
    settings: [{ name: 'region', label: 'Region', hint: 'Such as eu-central-1' }, { name: 'key', label: 'Key', hint: 'Id, ARN or alias' }, { name: 'endpoint', label: 'Endpoint', hint: 'Empty for that of the region', optional: true }],
    credential: [{ name: 'accessKeyId', label: 'Access key id' }, { name: 'secretAccessKey', label: 'Secret access key' }, { name: 'sessionToken', label: 'Session token', hint: 'Only with temporary credentials', optional: true }],
  },
  {
    id: 'azure-key-vault', name: 'Azure Key Vault', says: 'An RSA key that wraps and unwraps. Modelkeep signs in as an application that may do just that.',
    settings: [{ name: 'vault', label: 'Vault', hint: 'Such as https://name.vault.azure.net' }, { name: 'key', label: 'Key', hint: 'Its name in that vault' }, { name: 'tenant', label: 'Tenant' }, { name: 'clientId', label: 'Client id' }, { name: 'authority', label: 'Authority', hint: 'Empty for the public cloud', optional: true }],
    credential: [{ name: 'clientSecret', label: 'Client secret' }],
  },
  {
    id: 'pkcs11', name: 'PKCS #11 module', says: 'A key in a hardware security module, by the library that its maker gives.',
    settings: [{ name: 'library', label: 'Library', hint: 'Its path on the server' }, { name: 'token', label: 'Token', hint: 'Its label' }, { name: 'key', label: 'Key', hint: 'Its label' }, { name: 'configuration', label: 'Configuration file', hint: 'Of the library, on the server, where it needs one', optional: true }],
    credential: [{ name: 'pin', label: 'PIN' }],
  },
  {
    id: 'file', name: 'A file, for development', says: 'A file on the server stands for the provider. Whoever can read the machine can read the key: it shows how everything works, and protects from nobody.',
    settings: [{ name: 'path', label: 'File', hint: 'Its path on the server; empty for a new one in key custody\'s folder', optional: true }], credential: [],
  },
];
export const described = (id: Provider): Described => providers.find((each) => each.id === id) ?? providers[0] as Described;

/** What was typed, without the optional fields that were left empty. */
export const filled = (settings: readonly Setting[], typed: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(settings.flatMap(({ name, optional, initial }) => {
  const value = (typed[name] ?? initial ?? '').trim();
  return value === '' && optional === true ? [] : [[name, value]];
}));
/** Whether everything that must be told is. */
export const isComplete = (settings: readonly Setting[], typed: Readonly<Record<string, string>>): boolean => Object.values(filled(settings, typed)).every((value) => value !== '');
