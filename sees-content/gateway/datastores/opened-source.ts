/** The source behind a datastore of designated data, with its credential open for as long as it is used. */
import { DatastoreCredential, OpenDatastore } from '#contract/internal/datastores.ts';
import type { OpenedDatastore } from '#contract/internal/datastores.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { FileParts } from '../files/store-content.ts';
import { GatewayError } from '../gateway-error.ts';
import type { DataSource } from './data-source.ts';
import { FolderSource } from './folder-source.ts';
import { S3Source } from './s3-source.ts';

export interface OpenedSource { id: string; source: DataSource; /** Ends its connections. */ close: () => void }

/** @throws GatewayError */
export async function openSource(principal: Principal, what: { kind: 'datastore'; datastore: string } | { kind: 'file'; file: string }, parts: FileParts): Promise<OpenedSource> {
  const opened = OpenDatastore.response.parse(await parts.objects.ask('/internal/datastores/open', { principal, recipient: parts.keys.recipient.publicKey, what }));
  const { id, place } = opened;
  if (place.kind === 'filesystem') return { id, source: new FolderSource(place.path ?? '', parts.opening), close: () => undefined };
  const { endpoint, region, bucket, prefix } = place;
  const source = new S3Source({ endpoint, region, bucket, prefix, credential: await credentialOf(opened, parts) });
  return { id, source, close: () => { source.close().catch(() => undefined); } };
}

async function credentialOf({ credential }: OpenedDatastore, { keys }: FileParts): Promise<DatastoreCredential> {
  if (credential === null) throw new GatewayError('datastore_refused');
  const opened = await keys.openSecret(credential.order, credential.sealed);
  try { return DatastoreCredential.parse(JSON.parse(opened.toString())); } catch { throw new GatewayError('key_custody_unavailable'); } finally { opened.fill(0); }
}
