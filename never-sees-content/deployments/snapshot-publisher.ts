/** Pushes the routing snapshot to every connected gateway: the current one at once, then one line a change. */
import type { ServerResponse } from 'node:http';
import type { Storage } from '../storage/storage.ts';
import { buildSnapshot } from './build-snapshot.ts';

export class SnapshotPublisher {
  readonly #storage: Storage;
  readonly #dataFolder: string;
  readonly #gateways = new Set<ServerResponse>();
  // Larger than any version of an earlier process, so that a gateway never takes an older snapshot for a newer one.
  #version = Date.now();
  #queue: Promise<void> = Promise.resolve();

  constructor(storage: Storage, dataFolder: string) {
    this.#storage = storage;
    this.#dataFolder = dataFolder;
  }

  async connect(response: ServerResponse): Promise<number> {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const keepAlive = setInterval(() => response.write('\n'), 5000);
    response.on('close', () => { clearInterval(keepAlive); this.#gateways.delete(response); });
    await this.#inOrder(async () => {
      response.write(await this.#line());
      this.#gateways.add(response);
    });
    return this.#version;
  }

  /** Resolves once the new snapshot was handed to every connected gateway. */
  async publish(): Promise<void> {
    await this.#inOrder(async () => {
      const line = await this.#line();
      await Promise.all([...this.#gateways].map((gateway) => new Promise<void>((resolve) => {
        const late = setTimeout(resolve, 2000);
        gateway.write(line, () => { clearTimeout(late); resolve(); });
      })));
    });
  }

  #inOrder(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #line(): Promise<string> {
    this.#version++;
    const version = this.#version;
    return `${JSON.stringify(await this.#storage.read((db) => buildSnapshot(db, version, this.#dataFolder)))}\n`;
  }
}
