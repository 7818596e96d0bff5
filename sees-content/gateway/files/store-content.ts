/** Plain bytes in, a sealed object out: checked and sealed while they pass; all of it or nothing. */
import type { FilePurpose } from '#contract/http/files.ts';
import type { CommitObject, SealedAs } from '#contract/internal/objects.ts';
import type { SignedOrder } from '#contract/internal/key-order.ts';
import type { z } from 'zod';
import { seal } from '../../sealing/seal.ts';
import type { Opening } from '../datastores/open-below.ts';
import { GatewayError } from '../gateway-error.ts';
import type { CustodyKeys } from '../keys/custody-keys.ts';
import type { ControlObjects } from './control-objects.ts';
import { RowCheck } from './rows/row-check.ts';
import type { Shares } from './shares.ts';

export interface FileParts { objects: ControlObjects; keys: CustodyKeys; opening: Opening; /** Origins at which datastores may lie; any where undefined. */ storageEndpoints: readonly string[] | undefined; shares: Shares }
export interface Place { sealedAs: SealedAs; order: SignedOrder }
export interface Content {
  bytes: AsyncIterable<Buffer>;
  /** Rows are checked while they pass; where the purpose is told only at the end, for every purpose. False: no file by itself. */
  rows: { purpose: FilePurpose | undefined } | false;
  /** After the last byte: the purpose, where it was not known. Throws where the whole is not what it should be. */
  end?: () => Promise<FilePurpose | undefined>;
}

/** @throws GatewayError; then nothing of it is kept */
export async function storeContent({ objects, keys }: FileParts, { sealedAs, order }: Place, { bytes, rows, end }: Content): Promise<z.output<typeof CommitObject.response>> {
  const { object } = sealedAs;
  try {
    const check = rows === false ? undefined : new RowCheck(rows.purpose);
    let size = 0;
    const passing = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of bytes) { check?.write(chunk); size += chunk.length; yield chunk; }
    };
    const held = await keys.create(order);
    try { await objects.store(object, seal(passing(), sealedAs, held.keys), held.signal); } finally { held.end(); }
    const purpose = await end?.() ?? (rows === false ? undefined : rows.purpose);
    return await objects.commit({ object, bytes: size, rows: check?.end(purpose).rows ?? null, ...(purpose === undefined ? {} : { purpose }) });
  } catch (error) {
    await objects.abandon(object).catch(() => undefined);
    // What was begun here and is not known any more was swept away while a process restarted: there is nothing that the caller could have named wrongly.
    throw error instanceof GatewayError && error.code === 'file_not_found' ? new GatewayError('control_unavailable') : error;
  }
}
