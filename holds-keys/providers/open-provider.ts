/** The provider that a project's settings name. @throws ProviderError misconfigured */
import type { CustomerKeyCredential, CustomerKeySettings } from '#contract/http/encryption.ts';
import { AwsKmsProvider } from './aws-kms/aws-kms-provider.ts';
import { AzureKeyVaultProvider } from './azure-key-vault/azure-key-vault-provider.ts';
import { FileProvider } from './file/file-provider.ts';
import { Pkcs11Provider } from './pkcs11/pkcs11-provider.ts';
import type { KeyProvider } from './provider.ts';
import { VaultProvider } from './vault/vault-provider.ts';

export function openProvider(settings: CustomerKeySettings, credential: CustomerKeyCredential): KeyProvider {
  switch (settings.provider) {
    case 'file': return new FileProvider(settings.path ?? '');
    case 'pkcs11': {
      const { library, token, key, configuration } = settings;
      // Where a library has its own configuration, SoftHSM2 reads it from a path in its environment.
      return new Pkcs11Provider({ library, token: { label: token }, key, ...(configuration === undefined ? {} : { configuration: { variable: 'SOFTHSM2_CONF', path: configuration } }) }, credential.pin ?? '');
    }
    case 'vault': return new VaultProvider({ ...settings, token: credential.token ?? '' });
    case 'aws-kms': return new AwsKmsProvider({ ...settings, accessKeyId: credential.accessKeyId ?? '', secretAccessKey: credential.secretAccessKey ?? '', sessionToken: credential.sessionToken });
    case 'azure-key-vault': return new AzureKeyVaultProvider({ ...settings, clientSecret: credential.clientSecret ?? '' });
  }
}
