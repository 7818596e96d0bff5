/** Custody's operations over its local socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import { IssueServerCertificate, MintCredential, ReleaseKey, SignCheckpoint, SignReport } from '#contract/internal/custody.ts';
import type { Authority } from './certificate-authority.ts';
import { events } from './events.ts';
import { issueServerCertificate } from './issue-server-certificate.ts';
import { mintCredential } from './mint-credential.ts';
import { releaseKey } from './release-key.ts';
import { signCheckpoint } from './sign-checkpoint.ts';
import { signReport } from './sign-report.ts';

export interface Keys { rootKey: Buffer; authority: Authority }

/** A body that is too long, or not JSON. */
class BadBody extends Error {}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 65_536) throw new BadBody();
    chunks.push(chunk);
  }
  try { return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as unknown; } catch { throw new BadBody(); }
}

type Operation = (body: unknown, keys: Keys) => object | Promise<object>;

const operations: Record<string, Operation> = {
  '/mint-credential': (body, { rootKey }) => {
    const { prefix } = MintCredential.request.parse(body);
    events.credentialMinted(prefix);
    return mintCredential(rootKey, prefix);
  },
  '/release-key': (body, { rootKey }) => {
    const { purpose } = ReleaseKey.request.parse(body);
    events.keyReleased(purpose);
    return { key: releaseKey(rootKey, purpose).toString('base64') };
  },
  '/sign-checkpoint': (body, { rootKey }) => {
    const request = SignCheckpoint.request.parse(body);
    events.checkpointSigned(request.size);
    return signCheckpoint(rootKey, request);
  },
  '/issue-server-certificate': (body, { authority }) => {
    const { names } = IssueServerCertificate.request.parse(body);
    events.certificateIssued(names.length);
    return issueServerCertificate(authority, names);
  },
  '/sign-report': (body, { rootKey }) => {
    const request = SignReport.request.parse(body);
    events.reportSigned();
    return signReport(rootKey, request);
  },
};

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function serve(request: IncomingMessage, response: ServerResponse, keys: Keys): Promise<void> {
  const path = request.method === 'POST' ? request.url ?? '' : '';
  const operation = Object.hasOwn(operations, path) ? operations[path] : undefined;
  if (!operation) { answer(response, 404, { error: { code: 'not_found' } }); return; }
  try { answer(response, 200, await operation(await readBody(request), keys)); } catch (error) {
    events.refused(path.slice(1));
    if (error instanceof ZodError || error instanceof BadBody) answer(response, 400, { error: { code: 'invalid_request' } });
    else answer(response, 500, { error: { code: 'internal_error' } });
  }
}

export function custodyServer(keys: Keys): Server {
  return createServer((request, response) => { serve(request, response, keys).catch(() => { response.destroy(); }); });
}
