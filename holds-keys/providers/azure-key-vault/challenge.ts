/** What a vault says about how to come back with a token (WWW-Authenticate), held against what we know: else a false vault could choose where our token is good. */
import { ProviderError } from '../provider.ts';

export interface Expected { vaultHost: string; /** Hosts of the authority. */ authorities: readonly string[]; tenant: string }

/** @returns the scope to ask a token for. @throws ProviderError `misconfigured` where it names another authority, tenant or resource */
export function checkChallenge(header: string, { vaultHost, authorities, tenant }: Expected): string {
  const said = new Map([...header.matchAll(/\b(authorization|authorization_uri|resource|scope)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
  const authority = urlOf(said.get('authorization') ?? said.get('authorization_uri'));
  const resource = urlOf(said.get('resource') ?? said.get('scope')?.replace(/\/\.default$/, ''));
  if (!/^Bearer /i.test(header) || !authority || !resource) throw new ProviderError('misconfigured', 'what answers at the vault\'s address is no vault');
  const named = authority.pathname.split('/')[1] ?? '';
  if (!authorities.includes(authority.host) || named.toLowerCase() !== tenant.toLowerCase()) throw new ProviderError('misconfigured', 'the vault belongs to another tenant or another cloud');
  // A resource is the vault's own domain or one above it, and never a whole top-level domain.
  if (vaultHost !== resource.hostname && !(resource.hostname.includes('.') && vaultHost.endsWith(`.${resource.hostname}`))) throw new ProviderError('misconfigured', 'the vault asks for a token for another resource');
  return `${resource.origin}/.default`;
}

function urlOf(text: string | undefined): URL | undefined {
  return text !== undefined && URL.canParse(text) && new URL(text).protocol === 'https:' ? new URL(text) : undefined;
}
