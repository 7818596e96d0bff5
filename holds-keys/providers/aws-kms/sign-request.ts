/** AWS Signature Version 4 of a request without a query: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined }
export interface UnsignedRequest { method: string; host: string; path: string; headers: Record<string, string>; body: string }
export interface SigningScope { region: string; service: string; at: Date }

const hmac = (key: Buffer | string, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Headers to send with the request, all of them signed. HTTP itself adds the host, which is signed too. */
export function signRequest({ method, host, path, headers, body }: UnsignedRequest, { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials, { region, service, at }: SigningScope): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const sent = { ...headers, 'x-amz-date': time, ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }) };
  const signed = Object.entries({ ...sent, host }).map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, ' ')] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  const canonical = [method, path, '', ...signed.map(([name, value]) => `${name}:${value}`), '', names, sha256(body)].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = scope.split('/').reduce<Buffer | string>((made, part) => hmac(made, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  return { ...sent, authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}` };
}
