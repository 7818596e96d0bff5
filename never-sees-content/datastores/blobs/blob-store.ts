/** Where sealed bytes lie. Names are ids of objects. */
export interface BlobStore {
  /** Resolves when every byte is durable and whole under its name; on failure or abort nothing is there under it. @throws StoreError */
  write(object: string, bytes: AsyncIterable<Buffer>): Promise<{ bytes: number }>;
  /** From `offset`, `length` bytes or to the end. @throws StoreError not_found */
  read(object: string, range?: { offset: number; length?: number }): Promise<AsyncIterable<Buffer>>;
  /** Bytes, or null where there is none. */
  size(object: string): Promise<number | null>;
  /** Removes it, unfinished writes and older versions included. Harmless where there is none. */
  erase(object: string): Promise<void>;
  /** Names of everything that is there, unfinished included. */
  list(): AsyncIterable<string>;
}

export class StoreError extends Error {
  readonly code: 'unreachable' | 'refused' | 'full' | 'not_found';
  constructor(code: StoreError['code'], cause?: unknown) { super(code, { cause }); this.name = 'StoreError'; this.code = code; }
}
