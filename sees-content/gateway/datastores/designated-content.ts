/** The content of a file that lies where its owner has it: read there and passed on, as it is now. */
import type { IncomingMessage } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import { byteRange } from '../files/byte-range.ts';
import { contentHeaders } from '../files/content-headers.ts';
import type { FileAnswer } from '../files/file-content.ts';
import type { FileParts } from '../files/store-content.ts';
import { openSource } from './opened-source.ts';

/** @throws GatewayError */
export async function designatedContent(request: IncomingMessage, principal: Principal, file: string, { path, filename }: { path: string; filename: string }, parts: FileParts): Promise<FileAnswer> {
  const { source, close } = await openSource(principal, { kind: 'file', file }, parts);
  try {
    const size = await source.size(path);
    // It has no validator of ours: what a client has of it already may be of another content.
    const range = request.headers['if-range'] === undefined ? byteRange(request.headers.range, size) : undefined;
    const bytes = await source.read(path, { of: size, ...(range ? { offset: range.start, length: range.end - range.start } : { offset: 0 }) });
    return { status: range ? 206 : 200, bytes, signal: new AbortController().signal, end: close, headers: contentHeaders(filename, size, range) };
  } catch (error) { close(); throw error; }
}
