/** Pushes the routing snapshot to every connected gateway: the current one at once, then one line a change. */
import type { ServerResponse } from 'node:http';
import { events } from '../server/events.ts';
import type { KeyStates } from '../encryption/key-states.ts';
import type { Storage } from '../storage/storage.ts';
import { buildSnapshot } from './build-snapshot.ts';

const keepAliveMs = 5000;
const patienceMs = 2000;

export class SnapshotPublisher {
  readonly #storage: Storage;
  readonly #dataFolder: string;
  readonly #keyStates: KeyStates;
  readonly #gateways = new Set<ServerResponse>();
  #queue: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(storage: Storage, dataFolder: string, keyStates: KeyStates) {
    this.#storage = storage;
    this.#keyStates = keyStates;
    this.#dataFolder = dataFolder;
  }

  /** Sends the current snapshot and keeps the response open for those to come. Rejects where the database is away. */
  async connect(response: ServerResponse): Promise<void> {
    let open = true;
    response.once('close', () => { open = false; this.#gateways.delete(response); });
    await this.#inOrder(async () => {
      const { version, line } = await this.#current();
      if (!open) return;
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(line);
      this.#gateways.add(response);
      events.gatewayConnected(version);
    });
    const keepAlive = setInterval(() => { if (open) response.write('\n'); else clearInterval(keepAlive); }, keepAliveMs);
    keepAlive.unref();
  }

  /**
   * Resolves once every connected gateway was handed a snapshot that has all changes committed before the call. Never rejects: the
   * change stands, and a gateway that could not be told is disconnected, comes back and is given the snapshot of then.
   */
  async publish(): Promise<void> {
    // Calls that wait share one snapshot: it is read after all of their changes.
    this.#next ??= this.#inOrder(async () => {
      this.#next = undefined;
      await this.#send();
    });
    await this.#next;
  }

  /** Ends every stream. */
  close(): void {
    for (const gateway of this.#gateways) gateway.end();
  }

  async #send(): Promise<void> {
    if (this.#gateways.size === 0) return;
    try {
      const { version, line } = await this.#current();
      await Promise.all([...this.#gateways].map((gateway) => handOver(gateway, line)));
      events.snapshotPublished(version, this.#gateways.size);
    } catch {
      events.snapshotFailed();
      for (const gateway of this.#gateways) gateway.destroy();
    }
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #current(): Promise<{ version: number; line: string }> {
    const snapshot = await this.#storage.read((db) => buildSnapshot(db, this.#dataFolder, (project) => this.#keyStates.suspended(project)));
    return { version: snapshot.version, line: `${JSON.stringify(snapshot)}\n` };
  }
}

/** Resolves when the line left this process, or when the gateway is given up. */
async function handOver(gateway: ServerResponse, line: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const late = setTimeout(() => gateway.destroy(), patienceMs);
    const done = (): void => { clearTimeout(late); resolve(); };
    gateway.once('close', done);
    gateway.write(line, () => { gateway.off('close', done); done(); });
  });
}
