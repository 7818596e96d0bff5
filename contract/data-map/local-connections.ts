/** Connections that never leave the machine: unix sockets in a folder of mode 0700, and one inherited socket for each worker. */
import type { DataClassId } from './classes.ts';
import type { Process } from './processes.ts';
import { sockets } from '../installation.ts';

export interface End { process: Process; file: string; /** Where this end takes or gives fewer classes than the connection carries. */ carries?: readonly DataClassId[] }
export interface LocalConnection {
  name: string;
  /** File name of the socket in the run folder; null where the socket is inherited and has no name. */
  socket: string | null;
  carries: readonly DataClassId[];
  listens: readonly End[];
  connects: readonly End[];
}
const end = (process: Process, file: string): End => ({ process, file });

export const localConnections = {
  custody: {
    name: 'Keys', socket: sockets.custody, carries: ['credential', 'key_material', 'data_key', 'provider_credential', 'ledger'], listens: [end('key-custody', 'holds-keys/custody/server.ts')],
    connects: [
      { ...end('control', 'never-sees-content/identity/custody-client.ts'), carries: ['credential', 'key_material', 'provider_credential', 'ledger'] }, end('gateway', 'sees-content/gateway/custody-client.ts'), end('gateway', 'sees-content/gateway/keys/custody-keys.ts'),
      { ...end('audit', 'never-sees-content/identity/custody-client.ts'), carries: ['credential', 'key_material', 'ledger'] },
    ],
  },
  control: {
    name: 'Management, routing snapshots, usage, receipts, worker reports, starts of processes, sealed objects, backups', socket: sockets.control, carries: ['sealed_data', 'personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'],
    listens: [end('control', 'never-sees-content/server/server.ts')], connects: [end('gateway', 'sees-content/gateway/control-client.ts'), end('gateway', 'sees-content/gateway/files/control-objects.ts'), { ...end('supervisor', 'never-sees-content/supervisor/process-starts.ts'), carries: ['configuration', 'ledger'] },
      { ...end('backup', 'never-sees-content/backup/find-database.ts'), carries: ['personal', 'configuration'] }],
  },
  supervisor: {
    name: 'State of the processes', socket: sockets.supervisor, carries: ['configuration'], listens: [end('supervisor', 'never-sees-content/supervisor/status-server.ts')],
    connects: [end('supervisor', 'never-sees-content/supervisor/status-client.ts'), end('command-line', 'edge/cli/supervisor-client.ts'), end('audit', 'never-sees-content/audit/installation.ts'), end('backup', 'never-sees-content/audit/installation.ts')],
  },
  door: {
    name: 'The local door of the gateway', socket: sockets.gateway, carries: ['prompt', 'output', 'embedding', 'uploaded_data', 'provider_credential', 'personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'],
    listens: [end('gateway', 'sees-content/gateway/main.ts')], connects: [end('command-line', 'edge/cli/client.ts'), end('command-line', 'edge/cli/connection.ts'),
      // Management only; its canaries are nobody's prompts.
      { ...end('audit', 'never-sees-content/audit/plant/door.ts'), carries: ['personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger'] }],
  },
  database: {
    name: 'The embedded database', socket: sockets.postgres, carries: ['personal', 'credential', 'provider_credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'], listens: [],
    connects: [end('control', 'never-sees-content/storage/storage.ts'), end('supervisor', 'never-sees-content/storage/embedded-postgres/postgres.ts'), end('audit', 'never-sees-content/storage/dump.ts'), end('audit', 'never-sees-content/storage/planted-row.ts'), end('backup', 'never-sees-content/storage/one-connection.ts'), end('backup', 'never-sees-content/storage/embedded-postgres/postgres.ts')],
  },
  audit_engine: {
    name: 'The audit\'s own engine, key provider and storage, at loopback addresses while an audit runs: what comes there is its own canaries', socket: null, carries: [],
    listens: [end('audit', 'never-sees-content/audit/engine/server.ts'), end('audit', 'never-sees-content/audit/engine/key-server.ts'), end('audit', 'never-sees-content/audit/engine/bucket-server.ts')],
    connects: [end('gateway', 'sees-content/gateway/engine-connection.ts'), end('gateway', 'sees-content/gateway/datastores/s3/read-bucket.ts'), end('key-custody', 'holds-keys/providers/provider-server.ts')],
  },
  worker: {
    name: 'A worker', socket: null, carries: ['prompt', 'output', 'embedding', 'configuration'], listens: [end('worker', 'sees-content/inference-worker/server.ts')],
    connects: [end('gateway', 'sees-content/worker-host/worker.ts'), end('worker', 'sees-content/inference-worker/main.ts')],
  },
} as const satisfies Record<string, LocalConnection>;
export type LocalConnectionId = keyof typeof localConnections;
