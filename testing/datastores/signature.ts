/** Whether a request is signed as AWS wants it (Signature Version 4, header based): computed from what arrived, byte by byte, without the product's code. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface KnownCredential { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }
export interface Arrived { method: string; url: string; headers: IncomingHttpHeaders }
/** S3's code for the refusal; undefined where the signature is right. */
export type SignatureFault = 'AccessDenied' | 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | 'RequestTimeTooSkewed' | 'AuthorizationHeaderMalformed' | 'InvalidToken';

const form = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
const unreserved = /[A-Za-z0-9._~-]/;
const encode = (bytes: Buffer): string => Array.from(bytes, (byte) => { const character = String.fromCharCode(byte); return unreserved.test(character) ? character : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`; }).join('');
const normal = (text: string): string => encode(Buffer.from(decodeURIComponent(text)));
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

function canonicalQuery(query: string): string {
  return query.split('&').filter((pair) => pair !== '').map((pair) => { const [name = '', value = ''] = pair.split('='); return [normal(name), normal(value)] as const; })
    .sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1)).map((pair) => pair.join('=')).join('&');
}

export function signatureFault({ method, url, headers }: Arrived, credential: KnownCredential, region: string, now: Date): SignatureFault | undefined {
  const [, accessKeyId, day, signedRegion, service, names = '', given = ''] = form.exec(headers.authorization ?? '') ?? [];
  if (headers.authorization === undefined) return 'AccessDenied';
  if (accessKeyId === undefined || signedRegion !== region || service !== 's3') return 'AuthorizationHeaderMalformed';
  if (accessKeyId !== credential.accessKeyId) return 'InvalidAccessKeyId';
  if (headers['x-amz-security-token'] !== credential.sessionToken) return 'InvalidToken';
  const time = String(headers['x-amz-date']);
  const [, year, month, date, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const at = Date.parse(`${year}-${month}-${date}T${hour}:${minute}:${second}Z`);
  if (!(Math.abs(at - now.getTime()) < 15 * 60_000) || time.slice(0, 8) !== day) return 'RequestTimeTooSkewed';
  const signed = names.split(';');
  const mustBe = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))];
  if (mustBe.some((name) => !signed.includes(name)) || names !== [...signed].sort().join(';')) return 'SignatureDoesNotMatch';
  const [path = '', query = ''] = url.split('?');
  const lines = signed.map((name) => `${name}:${String(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`);
  const canonical = `${method}\n${path.split('/').map(normal).join('/')}\n${canonicalQuery(query)}\n${lines.join('\n')}\n\n${names}\n${String(headers['x-amz-content-sha256'])}`;
  const key = mac(mac(mac(mac(`AWS4${credential.secretAccessKey}`, day ?? ''), region), 's3'), 'aws4_request');
  const expected = mac(key, `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`);
  return timingSafeEqual(expected, Buffer.from(given, 'hex')) ? undefined : 'SignatureDoesNotMatch';
}
