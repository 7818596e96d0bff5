/** The destinations that the operator has declared: external engines, an external database, where models come from, the resolver of names. */
import { lookup } from 'node:dns/promises';
import { readFileSync } from 'node:fs';

export interface Declared { host: string; as: string; addresses: string[] }

async function addressesOf(host: string): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, '');
  if (/^[\d.]+$|:/.test(bare)) return [bare];
  try { return (await lookup(bare, { all: true })).map(({ address }) => address); } catch { return []; }
}

function resolvers(): Declared[] {
  try {
    return [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(([, address = '']) => ({ host: address, as: 'resolver of names', addresses: [address] }));
  } catch { return []; }
}

/** `urls`: what was declared, with what it is. */
export async function declaredDestinations(urls: { url: string; as: string }[]): Promise<Declared[]> {
  const hosts = urls.flatMap(({ url, as }) => (URL.canParse(url) && new URL(url).hostname !== '' ? [{ host: new URL(url).hostname, as }] : []));
  return [...await Promise.all(hosts.map(async ({ host, as }) => ({ host, as, addresses: await addressesOf(host) }))), ...resolvers()];
}
