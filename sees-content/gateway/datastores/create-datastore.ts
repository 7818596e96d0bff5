/** `POST /api/datastores`: the credential goes to key custody with control's order, and to control only as it was sealed. */
import { createDatastore as operation } from '#contract/http/datastores.ts';
import type { Datastore } from '#contract/http/datastores.ts';
import { CreateDatastore, OrderDatastore } from '#contract/internal/datastores.ts';
import type { DatastoreCredential } from '#contract/internal/datastores.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { z } from 'zod';
import type { FileParts } from '../files/store-content.ts';
import { GatewayError } from '../gateway-error.ts';
import { parseRequest } from '../request-body.ts';
import { openedFolder } from './open-below.ts';
import { S3Source } from './s3-source.ts';

type Place = z.output<typeof operation.request>['place'];

/** @throws GatewayError */
export async function createDatastore(body: unknown, principal: Principal, parts: FileParts): Promise<Datastore> {
  const { name, use, geography, place, credential } = parseRequest(operation.request, body);
  if (place.kind === 'filesystem' && (use === 'sealed') !== (place.path === null)) throw new GatewayError('invalid_request', 'place');
  if ((credential === undefined) !== (place.kind === 'filesystem')) throw new GatewayError('invalid_request', 'credential');
  // Of who may not, nothing is tried in their name.
  const { id, order } = OrderDatastore.response.parse(await parts.objects.ask('/internal/datastores/orders', { principal, name, geography }));
  await check(place, credential, parts);
  const sealed = credential === undefined ? null : await parts.keys.sealSecret(order, JSON.stringify(credential));
  return CreateDatastore.response.parse(await parts.objects.ask('/internal/datastores', { principal, id, name, use, geography, place, sealed }));
}

/** @throws GatewayError path_refused, datastore_refused, datastore_unreachable */
async function check(place: Place, credential: DatastoreCredential | undefined, { opening, storageEndpoints }: FileParts): Promise<void> {
  if (place.kind === 'filesystem') { if (place.path !== null) await openedFolder(place.path, opening); return; }
  if (!credential) throw new GatewayError('invalid_request', 'credential');
  const { endpoint, region, bucket, prefix } = place;
  if (storageEndpoints && !storageEndpoints.includes(new URL(endpoint).origin)) throw new GatewayError('datastore_refused', 'place');
  const source = new S3Source({ endpoint, region, bucket, prefix, credential });
  try { await source.check(); } finally { await source.close(); }
}
