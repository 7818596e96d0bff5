/** Custody's operations over its local socket. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import {
  ChangeProjectKeys, CreateDataKeys, DestroyDataKeys, EndLease, IssueServerCertificate, ListDataKeys, MintCredential, OpenSecret, ReleaseDataKeys, ReleaseKey, RenewLease, SealSecret, ShowProjectKeys, SignCheckpoint, SignReport,
  WatchKeyStates,
} from '#contract/internal/custody.ts';
import type { Authority } from './certificate-authority.ts';
import { events } from './events.ts';
import type { KeyHierarchy } from './key-hierarchy.ts';
import { KeyRefused } from './key-refused.ts';
import { issueServerCertificate } from './issue-server-certificate.ts';
import { mintCredential } from './mint-credential.ts';
import { releaseKey } from './release-key.ts';
import { signCheckpoint } from './sign-checkpoint.ts';
import { signReport } from './sign-report.ts';

export interface Keys { rootKey: Buffer; authority: Authority; hierarchy: KeyHierarchy }

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
  '/create-data-keys': (body, { hierarchy }) => hierarchy.create(CreateDataKeys.request.parse(body).order),
  '/release-data-keys': (body, { hierarchy }) => hierarchy.release(ReleaseDataKeys.request.parse(body).order),
  '/renew-lease': async (body, { hierarchy }) => { await hierarchy.renew(RenewLease.request.parse(body).lease); return { renewed: true }; },
  '/end-lease': (body, { hierarchy }) => { hierarchy.endLease(EndLease.request.parse(body).lease); return {}; },
  '/destroy-data-keys': (body, { hierarchy }) => hierarchy.destroy(DestroyDataKeys.request.parse(body).order),
  '/list-data-keys': (body, { hierarchy }) => { const { after, limit } = ListDataKeys.request.parse(body); return { objects: hierarchy.list(after, limit) }; },
  '/show-project-keys': (body, { hierarchy }) => hierarchy.show(ShowProjectKeys.request.parse(body).project),
  '/watch-key-states': (body, { hierarchy }) => hierarchy.watch(WatchKeyStates.request.parse(body).seen),
  '/change-project-keys': async (body, { hierarchy }) => { await hierarchy.change(ChangeProjectKeys.request.parse(body)); return {}; },
  '/seal-secret': (body, { hierarchy }) => { const { order, secret } = SealSecret.request.parse(body); return { sealed: hierarchy.sealSecret(order, secret) }; },
  '/open-secret': (body, { hierarchy }) => { const { order, sealed } = OpenSecret.request.parse(body); return { secret: hierarchy.openSecret(order, sealed) }; },
};

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function serve(request: IncomingMessage, response: ServerResponse, keys: Keys): Promise<void> {
  const path = request.method === 'POST' ? request.url ?? '' : '';
  const operation = Object.hasOwn(operations, path) ? operations[path] : undefined;
  if (!operation) { answer(response, 404, { error: { code: 'not_found' } }); return; }
  try { answer(response, 200, await operation(await readBody(request), keys)); } catch (error) {
    if (error instanceof KeyRefused) { events.keysRefused(error.code); answer(response, 409, { error: { code: error.code } }); return; }
    events.refused(path.slice(1));
    if (error instanceof ZodError || error instanceof BadBody) answer(response, 400, { error: { code: 'invalid_request' } });
    else answer(response, 500, { error: { code: 'internal_error' } });
  }
}

export function custodyServer(keys: Keys): Server {
  return createServer((request, response) => { serve(request, response, keys).catch(() => { response.destroy(); }); });
}
