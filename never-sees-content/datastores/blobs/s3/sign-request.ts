/** AWS Signature Version 4 for S3: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
import { createHash, createHmac } from 'node:crypto';

export interface Credential { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }
/** `path` and `query` are encoded, and sent as they are signed. `sha256`: of the body, hexadecimal. */
export interface UnsignedRequest { method: string; host: string; path: string; query: string; headers: Record<string, string>; sha256: string }

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** RFC 3986: everything but letters, digits and `-._~`. */
export const encoded = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
export const encodedPath = (path: string): string => path.split('/').map(encoded).join('/');
export const encodedQuery = (parameters: Record<string, string>): string => Object.entries(parameters).map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort().join('&');

/** Headers to send, all of them signed. HTTP itself adds the host, which is signed too. */
export function signRequest({ method, host, path, query, headers, sha256: body }: UnsignedRequest, { accessKeyId, secretAccessKey, sessionToken }: Credential, region: string, at: Date): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const sent: Record<string, string> = { ...headers, 'x-amz-content-sha256': body, 'x-amz-date': time, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }) };
  const signed = Object.entries({ ...sent, host }).map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [method, path, query, ...signed.map(([name, value]) => `${name}:${value}`), '', names, body].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const key = scope.split('/').reduce<Buffer | string>((made, part) => hmac(made, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return { ...sent, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}
