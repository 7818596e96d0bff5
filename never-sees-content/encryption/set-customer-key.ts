/** A customer-managed key is taken into use by the gateway at custody, with our order: its credential does not come here. */
import type { z } from 'zod';
import type { Encryption } from '#contract/http/encryption.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { OrderCustomerKey } from '#contract/internal/objects.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { allowed } from '../files/objects.ts';
import type { Actor } from '../ledger/entry.ts';
import type { ControlContext } from '../server/handler.ts';
import { Refusal } from '../server/refusal.ts';
import { viewEncryption } from './change-keys.ts';

async function caller(principal: Principal, { storage }: ControlContext): Promise<{ actor: Actor; project: { id: string; name: string } }> {
  const { actor, project: { id } } = allowed(principal, 'people');
  const project = await storage.read((db) => db.selectFrom('projects').select(['id', 'name']).where('id', '=', id).where('deleting', '=', false).executeTakeFirst());
  if (!project) throw new Refusal('project_not_found');
  return { actor, project };
}

/** @throws Refusal */
export async function orderCustomerKey({ principal, settings }: z.output<typeof OrderCustomerKey.request>, context: ControlContext): Promise<SignedOrder> {
  const { actor, project } = await caller(principal, context);
  await context.storage.transact(actor, async () => await Promise.resolve({ result: undefined, entry: { kind: 'encryption.ordered', object: project.id, projectId: project.id, facts: { action: 'set_customer_key' } } }));
  return context.orders.aboutProject({ action: 'set_customer_key', project: project.id, secret: null, settings, principal: actor, recipient: null });
}

/** @throws Refusal */
export async function customerKeyChanged(principal: Principal, context: ControlContext): Promise<Encryption> {
  const { actor, project } = await caller(principal, context);
  const encryption = await viewEncryption(context, project);
  const { customerKey } = encryption;
  if (!customerKey) throw new Refusal('customer_key_not_set');
  await context.storage.transact(actor, async () => await Promise.resolve({ result: undefined, entry: {
    kind: 'customer_key.set', object: project.id, projectId: project.id, facts: { provider: customerKey.settings.provider, onDenied: customerKey.onDenied, kid: customerKey.kid },
  } }));
  return encryption;
}
