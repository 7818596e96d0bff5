/** The shape of a handler: parsed input in, the contract's answer out. */
import type { Principal } from '#contract/internal/principal.ts';
import type { Operation, ParamsOf, QueryOf, RequestOf, ResponseOf } from '#contract/operation.ts';
import type { z } from 'zod';
import type { AuditRunner } from '../audits/audit-runner.ts';
import type { ModelMemory } from '../catalog/memory/model-memory.ts';
import type { PullRunner } from '../catalog/pull/pull-runner.ts';
import type { CatalogIndex } from '../catalog/search/catalog-index.ts';
import type { DeletionAttempts } from '../deletions/attempts.ts';
import type { Deletions } from '../deletions/deletions.ts';
import type { ProjectDeletions } from '../deletions/project-deletions.ts';
import type { DeploymentStates } from '../deployments/states.ts';
import type { SnapshotPublisher } from '../deployments/snapshot-publisher.ts';
import type { KeyStates } from '../encryption/key-states.ts';
import type { Objects } from '../files/objects.ts';
import type { Uploads } from '../files/uploads.ts';
import type { OrderSigner } from '../orders/order-signer.ts';
import type { Credentials } from '../datastores/credentials.ts';
import type { Stores } from '../datastores/stores.ts';
import type { Health } from '../health/health.ts';
import type { CustodyClient } from '../identity/custody-client.ts';
import type { Sessions } from '../identity/sessions.ts';
import type { Actor } from '../ledger/entry.ts';
import type { LedgerPublisher } from '../ledger/publisher.ts';
import type { Storage } from '../storage/storage.ts';
import type { ControlConfig } from './config.ts';

export interface ControlContext {
  storage: Storage; custody: CustodyClient; catalog: CatalogIndex; memory: ModelMemory; pulls: PullRunner; audits: AuditRunner; health: Health; snapshots: SnapshotPublisher; states: DeploymentStates; ledger: LedgerPublisher; sessions: Sessions; orders: OrderSigner; credentials: Credentials; stores: Stores; objects: Objects; uploads: Uploads; deletions: Deletions; projectDeletions: ProjectDeletions; attempts: DeletionAttempts; keyStates: KeyStates; config: ControlConfig; startedAt: Date;
}
export interface Call<O extends Operation> {
  principal: z.output<typeof Principal>;
  actor: Actor;
  /** The project acted in. */
  project: { id: string; name: string };
  params: ParamsOf<O>; query: QueryOf<O>; body: RequestOf<O>;
}
export type Handler<O extends Operation> = (call: Call<O>, context: ControlContext) => Promise<ResponseOf<O>>;
