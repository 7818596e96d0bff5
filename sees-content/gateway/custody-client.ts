/** The gateway's side of key-custody: two keys and, for TLS, a certificate. Asked for once, at start. */
import { join } from 'node:path';
import { Client } from 'undici';
import { IssueServerCertificate, ReleaseKey } from '#contract/internal/custody.ts';
import type { Purpose } from '#contract/internal/custody.ts';
import { sockets } from '#contract/installation.ts';

async function ask(runFolder: string, path: string, body: object): Promise<unknown> {
  const client = new Client('http://custody', { socketPath: join(runFolder, sockets.custody), headersTimeout: 10_000 });
  try {
    const answer = await client.request({ path, method: 'POST', body: JSON.stringify(body) });
    if (answer.statusCode !== 200) throw new Error('custody refused');
    return await answer.body.json();
  } finally { await client.close().catch(() => undefined); }
}

export async function releaseKey(runFolder: string, purpose: Purpose): Promise<Buffer> {
  return Buffer.from(ReleaseKey.response.parse(await ask(runFolder, '/release-key', { purpose })).key, 'base64');
}
export async function issueCertificate(runFolder: string, names: string[]): Promise<{ certificate: string; key: string }> {
  const { certificate, key, authority } = IssueServerCertificate.response.parse(await ask(runFolder, '/issue-server-certificate', { names }));
  return { certificate: `${certificate}\n${authority}`, key };
}
