/** The provider that a project's settings name. @throws ProviderError misconfigured */
import type { CustomerKeyCredential, CustomerKeySettings } from '#contract/http/encryption.ts';
import { FileProvider } from './file/file-provider.ts';
import { ProviderError } from './provider.ts';
import type { KeyProvider } from './provider.ts';

export function openProvider(settings: CustomerKeySettings, _credential: CustomerKeyCredential): KeyProvider {
  switch (settings.provider) {
    case 'file': return new FileProvider(settings.path);
    default: throw new ProviderError('misconfigured');
  }
}
