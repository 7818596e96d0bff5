/** What travels between the gateway and control as a stream of bytes: sealed objects, and requests to try them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { StoredObject } from '#contract/internal/objects.ts';
import { ObjectId } from '#contract/names.ts';
import type { ControlContext } from './handler.ts';
import { Refusal } from './refusal.ts';

const Range = z.object({ offset: z.coerce.number().int().min(0).default(0), length: z.coerce.number().int().min(0).optional() });
const Recipient = z.base64().length(44);

/** @returns the answer's body; `streamed` where the response was or is a stream; undefined where the request is another. @throws Refusal before anything was answered */
export async function objectStream(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams, { objects, attempts }: ControlContext): Promise<z.output<typeof StoredObject> | 'streamed' | undefined> {
  if (request.method === 'GET' && path === '/internal/deletion-attempts') {
    const recipient = Recipient.safeParse(query.get('recipient'));
    if (!recipient.success) throw new Refusal('invalid_request', 'recipient');
    attempts.connect(response, recipient.data);
    return 'streamed';
  }
  const object = ObjectId.safeParse(path.replace(/^\/internal\/objects\//, ''));
  if (!object.success) return undefined;
  if (request.method === 'PUT') return await objects.store(object.data, request as AsyncIterable<Buffer>);
  if (request.method !== 'GET') throw new Refusal('method_not_allowed');
  const range = Range.safeParse(Object.fromEntries(query));
  if (!range.success) throw new Refusal('invalid_request');
  const { offset, length } = range.data;
  const bytes = await objects.read(object.data, length === undefined ? { offset } : { offset, length });
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' });
  // A gateway that leaves, or bytes that break off, end the connection: that is seen at its other end.
  await pipeline(Readable.from(bytes, { objectMode: false }), response).catch(() => undefined);
  return 'streamed';
}
