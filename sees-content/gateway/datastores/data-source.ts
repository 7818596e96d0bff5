/** Data that lies where its owner has it, read with the owner's own right and never written: a file of a mounted folder, or an object in S3-compatible storage. */

/** Bytes `offset` up to `offset + length`, or to the end. `of`: what the size of the whole was said to be: where it is another now, nothing is read. */
export interface Range { offset: number; length?: number; of?: number }

export interface DataSource {
  /** Bytes. @throws GatewayError file_not_found, path_refused, datastore_refused, datastore_unreachable */
  size(path: string): Promise<number>;
  /** What is given away must be read or returned: it may hold a file open. Fails where the data changes meanwhile. @throws GatewayError as above */
  read(path: string, range?: Range): Promise<AsyncIterable<Buffer>>;
}

/** A path below a datastore's own: names between slashes, none of which leads back or stands still. */
export const isInside = (path: string): boolean => path.length <= 1024 && path.isWellFormed() && !/[\p{Cc}\\]/u.test(path) && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
