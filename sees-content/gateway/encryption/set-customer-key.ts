/** Takes a customer-managed key into use: settings and credential go to key custody with control's order. Control never has the credential. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '#contract/canonical-json.ts';
import { Encryption, setCustomerKey as operation } from '#contract/http/encryption.ts';
import { OrderCustomerKey } from '#contract/internal/objects.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { FileParts } from '../files/store-content.ts';
import { parseRequest } from '../request-body.ts';

/** By it the order is for this key alone. */
const digestOf = (key: object): string => `sha256:${createHash('sha256').update(canonicalJson(key)).digest('hex')}`;

/** @throws GatewayError */
export async function setCustomerKey(body: unknown, principal: Principal, { objects, keys }: FileParts): Promise<Encryption> {
  const { settings, credential, onDenied } = parseRequest(operation.request, body);
  const { order } = OrderCustomerKey.response.parse(await objects.ask('/internal/encryption/orders', { principal, settings: digestOf({ settings, onDenied }) }));
  await keys.changeProjectKeys({ order, customerKey: { settings, onDenied, ...(credential === undefined ? {} : { credential }) } });
  return Encryption.parse(await objects.ask('/internal/encryption/changed', { principal }));
}
