/** Takes a customer-managed key into use: settings and credential go to key custody with control's order. Control never has the credential. */
import { Encryption, setCustomerKey as operation } from '#contract/http/encryption.ts';
import { OrderCustomerKey } from '#contract/internal/objects.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { FileParts } from '../files/store-content.ts';
import { GatewayError } from '../gateway-error.ts';

/** @throws GatewayError */
export async function setCustomerKey(body: unknown, principal: Principal, { objects, keys }: FileParts): Promise<Encryption> {
  const read = operation.request.safeParse(body);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw issue?.code === 'unrecognized_keys' ? new GatewayError('unknown_parameter', [...issue.path, issue.keys[0]].join('.').slice(0, 100)) : new GatewayError('invalid_request', issue?.path.join('.').slice(0, 100) ?? null);
  }
  const { settings, credential, onDenied } = read.data;
  const { order } = OrderCustomerKey.response.parse(await objects.ask('/internal/encryption/orders', { principal }));
  await keys.changeProjectKeys({ order, customerKey: { settings, onDenied, ...(credential === undefined ? {} : { credential }) } });
  return Encryption.parse(await objects.ask('/internal/encryption/changed', { principal }));
}
