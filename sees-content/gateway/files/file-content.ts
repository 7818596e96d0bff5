/** `GET /v1/files/{file}/content`: opened frame by frame on its way out. Nothing is sent before its frame is known to be what was sealed. */
import type { IncomingMessage } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import { open } from '../../sealing/open.ts';
import { openRange } from '../../sealing/open-range.ts';
import type { HeldKeys } from '../keys/custody-keys.ts';
import { designatedContent } from '../datastores/designated-content.ts';
import { byteRange } from './byte-range.ts';
import { contentHeaders } from './content-headers.ts';
import { opened } from './opened.ts';
import type { FileParts } from './store-content.ts';

export interface FileAnswer {
  status: 200 | 206; headers: Record<string, string>; bytes: AsyncIterable<Buffer>;
  /** Aborted when not one more byte may go out. */
  signal: AbortSignal;
  /** Wipes the keys. */
  end: () => void;
}

/** @throws GatewayError */
export async function fileContent(request: IncomingMessage, principal: Principal, file: string, parts: FileParts): Promise<FileAnswer> {
  const { objects, keys } = parts;
  const found = await objects.open({ principal, file, recipient: keys.recipient.publicKey });
  if (found.storage === 'designated') return await designatedContent(request, principal, file, found, parts);
  const { bytes: size, sealedAs, sealedBytes, filename } = found;
  const etag = `"${sealedAs.object}"`;
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === etag ? byteRange(request.headers.range, size) : undefined;
  const held = await keys.release(found.order);
  try {
    const plain = range ? openRange((offset, length) => objects.read(sealedAs.object, held.signal, { offset, length }), sealedBytes, range, sealedAs, held.keys)
      : open(await objects.read(sealedAs.object, held.signal), sealedAs, held.keys);
    return {
      status: range ? 206 : 200, bytes: await begun(opened(plain, held.signal)), signal: held.signal, end: () => held.end(),
      headers: { ...contentHeaders(filename, size, range), etag },
    };
  } catch (error) { end(held); throw error; }
}

const end = (held: HeldKeys): void => held.end();

/** With its first part read: what does not open fails here, while it can still be told. */
async function begun(bytes: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  const first = await bytes.next();
  return (async function* () { if (!first.done) { yield first.value; yield* bytes; } })();
}
