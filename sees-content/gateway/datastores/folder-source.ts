/** Data in a folder that is mounted on this machine, below a root that the operator has opened. */
import type { FileHandle } from 'node:fs/promises';
import { GatewayError } from '../gateway-error.ts';
import type { DataSource, Range } from './data-source.ts';
import { openBelow } from './open-below.ts';
import type { Opening } from './open-below.ts';

const chunkBytes = 1 << 20;

export class FolderSource implements DataSource {
  readonly #folder: string;
  readonly #opening: Opening;

  constructor(folder: string, opening: Opening) {
    this.#folder = folder;
    this.#opening = opening;
  }

  async size(path: string): Promise<number> {
    const file = await openBelow(this.#folder, path, this.#opening);
    try { return (await file.stat()).size; } finally { await file.close(); }
  }

  async read(path: string, range: Range = { offset: 0 }): Promise<AsyncIterable<Buffer>> {
    return bytesOf(await openBelow(this.#folder, path, this.#opening), range);
  }
}

/** Closes the file. */
async function* bytesOf(file: FileHandle, { offset, length, of }: Range): AsyncGenerator<Buffer> {
  try {
    const before = await file.stat({ bigint: true });
    if (of !== undefined && Number(before.size) !== of) throw new GatewayError('datastore_unreachable');
    const end = Math.min(Number(before.size), offset + (length ?? Number(before.size)));
    for (let at = offset; at < end;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(chunkBytes, end - at)), 0, undefined, at);
      if (bytesRead === 0) throw new GatewayError('datastore_unreachable');
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    const after = await file.stat({ bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw new GatewayError('datastore_unreachable');
  } catch (error) {
    throw error instanceof GatewayError ? error : new GatewayError('datastore_unreachable');
  } finally { await file.close(); }
}
