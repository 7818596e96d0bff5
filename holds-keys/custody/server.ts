/** Custody's operations over its local socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { IssueServerCertificate, MintCredential, ReleaseKey } from '#contract/internal/custody.ts';
import { dataLayout } from '#contract/installation.ts';
import { issueServerCertificate, openAuthority } from './certificate-authority.ts';
import { events } from './events.ts';
import { mintCredential } from './mint-credential.ts';
import { purposeKey } from './root-key.ts';

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 65_536) throw new RangeError('body');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as unknown;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function perform(path: string, body: unknown, rootKey: Buffer, dataFolder: string): Promise<object | undefined> {
  switch (path) {
    case '/mint-credential': {
      const { prefix } = MintCredential.request.parse(body);
      events.credentialMinted(prefix);
      return mintCredential(rootKey, prefix);
    }
    case '/release-key': {
      const { purpose } = ReleaseKey.request.parse(body);
      events.keyReleased(purpose);
      return { key: purposeKey(rootKey, purpose).toString('base64') };
    }
    case '/issue-server-certificate': {
      const { names } = IssueServerCertificate.request.parse(body);
      const authority = await openAuthority(join(dataFolder, dataLayout.keys));
      events.certificateIssued(names.length);
      return await issueServerCertificate(authority, names);
    }
    default: return undefined;
  }
}

export function custodyServer(rootKey: Buffer, dataFolder: string): Server {
  return createServer((request, response) => {
    const path = request.method === 'POST' ? request.url ?? '' : '';
    readBody(request).then((body) => perform(path, body, rootKey, dataFolder)).then(
      (result) => result ? answer(response, 200, result) : answer(response, 404, { error: { code: 'not_found' } }),
      (error: unknown) => {
        events.refused(/^\/[a-z-]{1,40}$/.test(path) ? path.slice(1) : 'unknown');
        answer(response, error instanceof Error && error.name === 'KeysUnreadable' ? 500 : 400, { error: { code: 'invalid_request' } });
      });
  });
}
