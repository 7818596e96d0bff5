/** What control needs for customer data at rest: built in one place, for the process and for its tests. */
import { Credentials } from '../datastores/credentials.ts';
import { Stores } from '../datastores/stores.ts';
import { DeletionAttempts } from '../deletions/attempts.ts';
import { Deletions } from '../deletions/deletions.ts';
import { ProjectDeletions } from '../deletions/project-deletions.ts';
import { KeyStates } from '../encryption/key-states.ts';
import { Objects } from '../files/objects.ts';
import { Uploads } from '../files/uploads.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import { OrderSigner } from '../orders/order-signer.ts';
import type { Storage } from '../storage/storage.ts';
import type { ControlConfig } from './config.ts';
import type { ControlContext } from './handler.ts';

export type DataParts = Pick<ControlContext, 'orders' | 'credentials' | 'stores' | 'objects' | 'uploads' | 'deletions' | 'projectDeletions' | 'attempts' | 'keyStates'>;

export function dataParts(storage: Storage, custody: CustodyClient, config: ControlConfig): DataParts {
  const orders = new OrderSigner(config.orderKey);
  const credentials = new Credentials({ storage, custody, orders });
  const [stores, attempts, keyStates] = [new Stores(config.dataFolder, credentials), new DeletionAttempts(), new KeyStates(custody, storage)];
  const objects = new Objects({ storage, custody, stores, orders, geography: config.geography });
  const [uploads, deletions] = [new Uploads(storage, objects), new Deletions({ storage, custody, stores, objects, attempts })];
  return { orders, credentials, stores, attempts, keyStates, objects, uploads, deletions, projectDeletions: new ProjectDeletions({ storage, stores, custody, orders, objects, uploads, deletions }) };
}

/** Goes on with what earlier processes began. */
export function startDataParts({ objects, uploads, deletions, projectDeletions, keyStates }: DataParts, publish: () => Promise<void>): void {
  keyStates.onChange = publish;
  projectDeletions.onChange = publish;
  keyStates.start();
  objects.start();
  uploads.start();
  deletions.start();
  projectDeletions.start();
}

export function closeDataParts({ objects, uploads, deletions, projectDeletions, attempts, keyStates }: DataParts): void {
  for (const each of [objects, uploads, deletions, projectDeletions, attempts, keyStates]) each.close();
}
