/** A project's keys as one thing: root over platform keys, platform and customer keys over data keys; orders in, keys for one process out. */
import { z } from 'zod';
import type { ChangeProjectKeys, ForRecipient, ProjectKeys, WatchKeyStates } from '#contract/internal/custody.ts';
import type { KeyOrder, ProjectOrder, SignedOrder } from '#contract/internal/key-order.ts';
import { DataKeys } from './data-keys/data-keys.ts';
import { Leases } from './data-keys/leases.ts';
import { events } from './events.ts';
import { KeyRefused } from './key-refused.ts';
import { forRecipient, recipientKey } from './orders/for-recipient.ts';
import { Orders } from './orders/orders.ts';
import { admittedSettings, settingsDigest } from './project-keys/admitted-settings.ts';
import { CustomerKeys } from './project-keys/customer-keys.ts';
import { KeyStates } from './project-keys/key-states.ts';
import { PlatformKeys } from './project-keys/platform-keys.ts';
import { Rotation } from './project-keys/rotation.ts';
import { sweepUnfinished } from './records.ts';
import { unwrap, wrap, Wrapped } from './wrapping.ts';

type Released = { keys: ForRecipient; lease: string };
/** Milliseconds that a caller waits for a rotation before it is told how far it is. */
const patience = 5000;

export class KeyHierarchy {
  readonly #folder: string;
  readonly #orders: Orders;
  readonly #platform: PlatformKeys;
  readonly #customer: CustomerKeys;
  readonly #data: DataKeys;
  readonly #rotation: Rotation;
  readonly #leases = new Leases();
  readonly #states: KeyStates;

  /** `folder`: of the keys. */
  constructor(folder: string, rootKey: Buffer, orderKey: string | undefined, open?: ConstructorParameters<typeof CustomerKeys>[2]) {
    sweepUnfinished(folder);
    this.#folder = folder;
    this.#orders = new Orders(orderKey);
    this.#platform = new PlatformKeys(folder, rootKey);
    this.#customer = new CustomerKeys(folder, rootKey, open);
    this.#data = new DataKeys(folder, rootKey, this.#platform, this.#customer);
    this.#rotation = new Rotation(this.#platform, this.#customer, this.#data);
    this.#states = new KeyStates(this.#customer, this.#leases);
  }

  /** Goes on with rotations that were interrupted, and begins to watch the customers' keys. */
  start(): void {
    this.#rotation.start();
    this.#states.start();
  }

  async create(signed: SignedOrder): Promise<Released> { return await this.#releasing(signed, 'create', async (order) => await this.#data.create(order)); }
  async release(signed: SignedOrder): Promise<Released> { return await this.#releasing(signed, 'release', async (order) => await this.#data.release(order)); }

  async #releasing(signed: SignedOrder, action: 'create' | 'release', act: (order: KeyOrder) => Promise<Buffer>): Promise<Released> {
    const order = this.#orders.aboutObject(signed, action);
    const recipient = recipientKey(order.recipient);
    const keys = await act(order);
    try {
      events.dataKeys(action, order.purpose, order.object);
      return { keys: forRecipient(keys, recipient, signed), lease: this.#leases.begin(order.project, order.object) };
    } finally { keys.fill(0); }
  }

  /** @throws KeyRefused where the keys may be used no longer */
  async renew(id: string): Promise<void> {
    const lease = this.#leases.find(id);
    if (!this.#data.has(lease)) { this.#leases.end(id); throw new KeyRefused('key_not_found'); }
    await this.#customer.requireStillUsable(lease.project);
    this.#leases.renew(id);
  }

  endLease(lease: string): void { this.#leases.end(lease); }

  async destroy(signed: SignedOrder): Promise<{ destroyed: boolean; leasesEnded: number }> {
    const order = this.#orders.aboutObject(signed, 'destroy');
    const destroyed = await this.#data.destroy(order, order.kind);
    events.dataKeys('destroy', order.purpose, order.object);
    return { destroyed, leasesEnded: this.#leases.endOf(order.object) };
  }

  list(after: string | null, limit: number): string[] { return this.#data.list(after, limit); }

  async show(project: string): Promise<ProjectKeys> {
    await this.#customer.check(project);
    const version = this.#platform.current(project, 'platform');
    const customerKey = this.#customer.active(project) === null ? null : this.#customer.show(project);
    return {
      project, platformVersion: version, platformSince: this.#platform.open(project, 'platform', version).createdAt, dataKeys: this.#data.objectsOf(project).length,
      customer: customerKey ? { by: 'customer', version: customerKey.kid } : { by: 'platform', version: String(this.#platform.current(project, 'stand_in')) },
      customerKey: customerKey ? { provider: customerKey.settings.provider, ...customerKey } : null, rotation: this.#rotation.progress(project),
    };
  }

  async watch(seen: number): Promise<z.output<typeof WatchKeyStates.response>> { return await this.#states.changedSince(seen); }

  /** @throws KeyRefused */
  async change({ order: signed, customerKey }: z.output<typeof ChangeProjectKeys.request>): Promise<void> {
    const { action, project, settings } = this.#orders.aboutProject(signed, ['set_customer_key', 'remove_customer_key', 'rotate_platform', 'rotate_customer', 'disable_customer_key', 'enable_customer_key', 'destroy_project']);
    if (action === 'set_customer_key' && (!customerKey || settings !== settingsDigest(customerKey))) throw new KeyRefused('order_refused');
    await this.#act(action, project, customerKey);
    events.projectKeysChanged(action, project);
    if (action === 'destroy_project' || action === 'disable_customer_key') return;
    await Promise.race([this.#rotation.run(project), new Promise((resolve) => { setTimeout(resolve, patience).unref(); })]);
  }

  async #act(action: ProjectOrder['action'], project: string, customerKey: z.output<typeof ChangeProjectKeys.request>['customerKey']): Promise<void> {
    switch (action) {
      case 'set_customer_key':
        if (customerKey) await this.#customer.set(project, admittedSettings(this.#folder, project, customerKey.settings), customerKey.credential, customerKey.onDenied);
        return;
      case 'remove_customer_key':
        // It is needed once more, to unwrap: a key that is refused now would leave data between two keys.
        await this.#customer.newest(project);
        this.#customer.remove(project);
        return;
      case 'rotate_platform':
        await this.#customer.requireUsable(project);
        this.#platform.add(project, 'platform');
        if (this.#customer.active(project) === null) this.#platform.add(project, 'stand_in');
        return;
      case 'rotate_customer': await this.#customer.rotate(project); return;
      case 'disable_customer_key': this.#customer.setDisabled(project, true); return;
      case 'enable_customer_key': this.#customer.setDisabled(project, false); return;
      default: await this.#destroyProject(project);
    }
  }

  /** Everything that the project's objects could be opened with. What was begun before, and would still be written, fails. */
  async #destroyProject(project: string): Promise<void> {
    this.#platform.end(project);
    for (const object of this.#data.objectsOf(project)) await this.#data.destroy({ project, object }, null);
    this.#platform.destroyAll(project);
    this.#customer.destroy(project);
    this.#leases.endOfProject(project);
  }

  /** A secret of the database: sealed by the project's platform key, with its name. */
  sealSecret(signed: SignedOrder, secret: string): string {
    const { project, secret: name } = this.#orders.aboutProject(signed, ['seal_secret']);
    if (name === null) throw new KeyRefused('order_refused');
    const version = this.#platform.current(project, 'secrets');
    const bytes = Buffer.from(secret);
    try { return JSON.stringify({ version, ...wrap(bytes, this.#platform.open(project, 'secrets', version).key, { project, secret: name }) }); } finally { bytes.fill(0); }
  }

  /** @throws KeyRefused */
  openSecret(signed: SignedOrder, sealed: string): ForRecipient {
    const { project, secret: name, recipient } = this.#orders.aboutProject(signed, ['open_secret']);
    if (name === null) throw new KeyRefused('order_refused');
    const to = recipientKey(recipient);
    const { version, ...wrapped } = sealedSecret(sealed);
    const secret = unwrap(wrapped, this.#platform.open(project, 'secrets', version).key, { project, secret: name });
    try { return forRecipient(secret, to, signed); } finally { secret.fill(0); }
  }

  close(): void {
    this.#rotation.close();
    this.#states.close();
    this.#customer.forgetAll();
  }
}

const SealedSecret = Wrapped.extend({ version: z.int() });
function sealedSecret(text: string): z.output<typeof SealedSecret> {
  try { return SealedSecret.parse(JSON.parse(text)); } catch { throw new KeyRefused('key_tampered'); }
}
