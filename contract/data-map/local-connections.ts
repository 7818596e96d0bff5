/** Connections that never leave the machine: unix sockets in a folder of mode 0700, and one inherited socket for each worker. */
import type { DataClassId } from './classes.ts';
import type { Process } from './processes.ts';
import { sockets } from '../installation.ts';

export interface End { process: Process; file: string }
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
    name: 'Keys', socket: sockets.custody, carries: ['credential', 'key_material', 'ledger'], listens: [end('key-custody', 'holds-keys/custody/server.ts')],
    connects: [end('control', 'never-sees-content/identity/custody-client.ts'), end('gateway', 'sees-content/gateway/custody-client.ts')],
  },
  control: {
    name: 'Management, routing snapshots, usage, receipts, worker reports, starts of processes', socket: sockets.control, carries: ['personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'],
    listens: [end('control', 'never-sees-content/server/server.ts')], connects: [end('gateway', 'sees-content/gateway/control-client.ts'), end('supervisor', 'never-sees-content/supervisor/process-starts.ts')],
  },
  supervisor: {
    name: 'State of the processes', socket: sockets.supervisor, carries: ['configuration'], listens: [end('supervisor', 'never-sees-content/supervisor/status-server.ts')],
    connects: [end('supervisor', 'never-sees-content/supervisor/status-client.ts'), end('command-line', 'edge/cli/supervisor-client.ts')],
  },
  door: {
    name: 'The local door of the gateway', socket: sockets.gateway, carries: ['prompt', 'output', 'embedding', 'personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'],
    listens: [end('gateway', 'sees-content/gateway/main.ts')], connects: [end('command-line', 'edge/cli/client.ts'), end('command-line', 'edge/cli/connection.ts')],
  },
  database: {
    name: 'The embedded database', socket: sockets.postgres, carries: ['personal', 'credential', 'configuration', 'catalog', 'usage', 'ledger', 'receipt'], listens: [],
    connects: [end('control', 'never-sees-content/storage/storage.ts'), end('supervisor', 'never-sees-content/storage/embedded-postgres/postgres.ts')],
  },
  worker: {
    name: 'A worker', socket: null, carries: ['prompt', 'output', 'embedding', 'configuration'], listens: [end('worker', 'sees-content/inference-worker/server.ts')],
    connects: [end('gateway', 'sees-content/worker-host/worker.ts'), end('worker', 'sees-content/inference-worker/main.ts')],
  },
} as const satisfies Record<string, LocalConnection>;
export type LocalConnectionId = keyof typeof localConnections;
