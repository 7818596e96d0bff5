/** A body of multipart/form-data (RFC 7578) with one file at its end, made while it is read. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Form } from '../client.ts';

export interface FormFile { field: string; name: string; bytes: number; read: () => AsyncIterable<Buffer> }

/** As browsers spell a name: a quotation mark or a line's end would end it. */
const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** A name that this spelling would not bring through is spelled in the way of RFC 5987 besides, which the gateway prefers. */
const exactly = (name: string): string => (/["%]/.test(name) ? `; filename*=UTF-8''${encodeURIComponent(name).replaceAll('\'', '%27')}` : '');

/** The fields stand before the file, so that the server knows what it reads. `onBytes`: of the file, as they are taken. */
export function formOf(fields: Readonly<Record<string, string | undefined>>, file: FormFile, onBytes: (bytes: number) => void): Form {
  const boundary = `modelkeep-${randomBytes(16).toString('hex')}`;
  const opening = (disposition: string): string => `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n`;
  const texts = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [`${opening(`name="${name}"`)}\r\n${value}\r\n`]));
  const head = Buffer.from(`${texts.join('')}${opening(`name="${file.field}"; filename="${quoted(file.name)}"${exactly(file.name)}`)}Content-Type: application/octet-stream\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* parts(): AsyncGenerator<Buffer> {
    yield head;
    for await (const chunk of file.read()) { yield chunk; onBytes(chunk.length); }
    yield tail;
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(head.length + file.bytes + tail.length) },
    body: Readable.from(parts(), { objectMode: false, highWaterMark: 1 }),
  };
}
