/** What only the installation's own processes ask, over the local socket: routing snapshots, usage, receipts, sessions and worker reports of the gateway, starts of the supervisor, backups. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { AbandonObject, AssembleUpload, AttemptResult, BeginObject, CommitObject, OpenObject, PartOrder } from '#contract/internal/objects.ts';
import { CreateDatastore, DesignateFile, OpenDatastore, OrderDatastore } from '#contract/internal/datastores.ts';
import { MadeBackup } from '#contract/internal/backup.ts';
import { UsageBatch } from '#contract/internal/usage-record.ts';
import { ProcessStarts } from '#contract/internal/process-start.ts';
import { CertifyReceiptKey, ProveReceipt } from '#contract/internal/receipt-leaf.ts';
import { AttemptPassword, AttemptSignIn, EndSession, ResolveSession, SetPassword, ShowSession, StartSession } from '#contract/internal/session.ts';
import { CustomerKeyChanged, OrderCustomerKey, ShowUpload } from '#contract/internal/objects.ts';
import { WorkerReports } from '#contract/internal/worker-report.ts';
import { recordBackup } from '../backup/record-backup.ts';
import { passwordToMatch, setPassword } from '../identity/own-password.ts';
import { recordProcessStarts } from '../ledger/record-process-starts.ts';
import { recordUsage } from '../metering/record-usage.ts';
import { certifyReceiptKey } from '../receipts/certify-receipt-key.ts';
import { proveReceipt } from '../receipts/prove-receipt.ts';
import { createDatastore, orderDatastore } from '../datastores/create-datastore.ts';
import { designateFile, openDatastore } from '../datastores/designated.ts';
import { events } from './events.ts';
import { customerKeyChanged, orderCustomerKey } from '../encryption/set-customer-key.ts';
import { findUpload, viewUpload } from '../files/find-upload.ts';
import type { ControlContext } from './handler.ts';
import { Refusal } from './refusal.ts';

/** @returns the answer's body; `undefined` where the response is a stream that goes on. */
export async function performInternal(request: IncomingMessage, response: ServerResponse, body: Buffer, context: ControlContext): Promise<object | undefined> {
  switch (`${request.method ?? ''} ${request.url ?? ''}`) {
    case 'GET /internal/routing-snapshots':
      await context.snapshots.connect(response);
      return undefined;
    case 'POST /internal/usage': {
      const { records, receipts } = parse(UsageBatch, body);
      const fresh = await recordUsage(context.storage, records, receipts);
      if (records.length > 0) events.usageCommitted(records.length, fresh);
      return { committed: records.length };
    }
    case 'POST /internal/process-starts':
      await recordProcessStarts(context.storage, parse(ProcessStarts, body).starts);
      return {};
    case 'POST /internal/backups':
      await recordBackup(context.storage, parse(MadeBackup, body));
      return {};
    case 'POST /internal/receipt-keys': return await certifyReceiptKey(context.storage, parse(CertifyReceiptKey.request, body));
    case 'POST /internal/receipt-proofs': return await proveReceipt(context.storage, parse(ProveReceipt, body));
    case 'POST /internal/sessions/resolve': return { principal: await context.sessions.resolve(parse(ResolveSession.request, body)) };
    case 'POST /internal/sessions': return await context.sessions.start(parse(StartSession.request, body));
    case 'POST /internal/sessions/attempts': return { password: await context.sessions.attempt(parse(AttemptSignIn.request, body)) };
    case 'POST /internal/passwords/attempts': return { password: await passwordToMatch(context, parse(AttemptPassword.request, body).principal) };
    case 'POST /internal/passwords': return { endedSessions: await setPassword(context, parse(SetPassword.request, body)) };
    case 'POST /internal/sessions/show': return await context.sessions.show(parse(ShowSession.request, body).principal);
    case 'POST /internal/sessions/end': return { ended: await context.sessions.end(parse(EndSession.request, body).principal) };
    case 'POST /internal/worker-reports': {
      const { reports } = parse(WorkerReports, body);
      await context.states.accept(context.storage, reports);
      events.workersReported(reports.length);
      return {};
    }
    case 'POST /internal/objects': return await context.objects.begin(parse(BeginObject.request, body));
    case 'POST /internal/objects/commit': return await commitObject(parse(CommitObject.request, body), context);
    case 'POST /internal/objects/abandon': await context.objects.abandon(parse(AbandonObject.request, body).object); return {};
    case 'POST /internal/objects/open': return await context.objects.open(parse(OpenObject.request, body));
    case 'POST /internal/uploads/assemble': return await context.uploads.assemble(parse(AssembleUpload.request, body));
    case 'POST /internal/uploads/part-order': return { order: await context.uploads.partOrder(parse(PartOrder.request, body)) };
    case 'POST /internal/uploads/show': return await showAnyUpload(parse(ShowUpload, body), context);
    case 'POST /internal/deletion-attempts': context.attempts.answered(parse(AttemptResult, body)); return {};
    case 'POST /internal/encryption/orders': return { order: await orderCustomerKey(parse(OrderCustomerKey.request, body), context) };
    case 'POST /internal/encryption/changed': return await customerKeyChanged(parse(CustomerKeyChanged.request, body).principal, context);
    case 'POST /internal/datastores/orders': return await orderDatastore(parse(OrderDatastore.request, body), context);
    case 'POST /internal/datastores': return await createDatastore(parse(CreateDatastore.request, body), context);
    case 'POST /internal/datastores/open': return await openDatastore(parse(OpenDatastore.request, body), context);
    case 'POST /internal/datastores/designate': return await designateFile(parse(DesignateFile.request, body), context);
    default: throw new Refusal('not_found');
  }
}

/** The parts of an upload that has become a file go meanwhile; what fails is swept later. */
async function commitObject(asked: z.output<typeof CommitObject.request>, { objects, uploads }: ControlContext): Promise<object> {
  const made = await objects.commit(asked);
  if (made.object === 'file') uploads.sweep().catch(() => undefined);
  return made;
}

async function showAnyUpload({ principal, upload }: z.output<typeof ShowUpload>, { storage }: ControlContext): Promise<object> {
  return await storage.read(async (db) => await viewUpload(db, await findUpload(db, principal.projectId ?? '', upload)));
}

function parse<T>(schema: { parse(value: unknown): T }, body: Buffer): T {
  try { return schema.parse(JSON.parse(body.toString('utf8'))); } catch { throw new Refusal('invalid_request'); }
}
