/** A change of a project's wrapping keys: an entry of the ledger that it is ordered, custody's answer, an entry that it is done. */
import type { Encryption } from '#contract/http/encryption.ts';
import type { ProjectOrder } from '#contract/internal/key-order.ts';
import type { Kind, LedgerEntryInput } from '../ledger/entry.ts';
import type { Call, ControlContext } from '../server/handler.ts';
import type { Operation } from '#contract/operation.ts';

export async function viewEncryption({ custody }: Pick<ControlContext, 'custody'>, project: { id: string; name: string }): Promise<Encryption> {
  const keys = await custody.showProjectKeys(project.id);
  return {
    project: project.name, platformKey: { version: keys.platformVersion, since: keys.platformSince, dataKeys: keys.dataKeys }, customerLayer: { ...keys.customer, dataKeys: keys.dataKeys },
    customerKey: keys.customerKey, rotation: keys.rotation,
  };
}

/** @throws Refusal */
export async function changeKeys({ actor, project }: Pick<Call<Operation>, 'actor' | 'project'>, context: ControlContext, action: Exclude<ProjectOrder['action'], 'set_customer_key' | 'seal_secret' | 'open_secret'>, kind: Kind): Promise<void> {
  const record = async (entry: Pick<LedgerEntryInput, 'kind' | 'facts'>): Promise<void> => { await context.storage.transact(actor, async () => await Promise.resolve({ result: undefined, entry: { ...entry, object: project.id, projectId: project.id } })); };
  await record({ kind: 'encryption.ordered', facts: { action } });
  await context.custody.changeProjectKeys(context.orders.aboutProject({ action, project: project.id, secret: null, principal: { kind: actor.kind, id: actor.id }, recipient: null }));
  await record({ kind, facts: {} });
}
