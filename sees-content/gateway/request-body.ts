/** Reads and decodes a request's body: bounded in size and depth, strict in its encoding. Errors say where, never what. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { z } from 'zod';
import { GatewayError } from './gateway-error.ts';

const deepest = 64;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Something else than JSON is told as such, rather than as broken JSON. @throws GatewayError unsupported_media_type */
export function requireJson({ 'content-type': type, 'content-encoding': encoding }: IncomingHttpHeaders): void {
  if (type !== undefined && !/^[\w.-]+\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw new GatewayError('unsupported_media_type');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new GatewayError('unsupported_media_type');
}

/** Milliseconds that a body may take. */
const bodyMs = 60_000;

/** @throws GatewayError body_too_large, request_timeout: the rest of the body is not read. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw new GatewayError('body_too_large');
  return await new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const late = setTimeout(() => { request.pause(); request.removeAllListeners('data'); reject(new GatewayError('request_timeout')); }, bodyMs);
    request.once('close', () => clearTimeout(late)).once('end', () => clearTimeout(late));
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) { request.pause(); request.removeAllListeners('data'); reject(new GatewayError('body_too_large')); } else chunks.push(chunk);
    });
    const broken = (): void => reject(new GatewayError('request_timeout'));
    request.once('error', broken).once('close', broken);
    request.once('end', () => {
      request.off('close', broken);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
  });
}

/** Bytes to a value. The depth is measured before anything recursive sees them. @throws GatewayError invalid_json, too_deep */
export function parseJson(bytes: Buffer): unknown {
  if (tooDeep(bytes)) throw new GatewayError('too_deep');
  try { return JSON.parse(decoder.decode(bytes)) as unknown; } catch { throw new GatewayError('invalid_json'); }
}

/** Against the contract; of a wrong field only its name is told. @throws GatewayError invalid_request, unknown_parameter */
export function parseRequest<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw new GatewayError('unknown_parameter', [...issue.path, issue.keys[0]].join('.').slice(0, 100));
  throw new GatewayError('invalid_request', issue?.path.join('.').slice(0, 100) ?? null);
}

function tooDeep(bytes: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (inString) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) { if (++depth > deepest) return true; } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}
