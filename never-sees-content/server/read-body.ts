/** Reads a request's body up to a limit. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Bytes: what a management operation may need, and a batch of 10,000 usage records. */
export const bodyLimits = { operation: 1 << 20, internal: 8 << 20 } as const;

/** @throws Refusal body_too_large */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new Refusal('body_too_large');
  const chunks: Buffer[] = [];
  let size = 0;
  // The request is kept whole on refusal, so that the answer can still be sent on its connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Refusal('body_too_large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
