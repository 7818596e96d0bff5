/** `POST /v1/files`. */
import type { IncomingMessage } from 'node:http';
import { FileFields, mostFileBytes } from '#contract/http/files.ts';
import type { FileObject } from '#contract/http/files.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { GatewayError } from '../gateway-error.ts';
import { readForm } from './multipart.ts';
import type { Fields } from './multipart.ts';
import { storeContent } from './store-content.ts';
import type { FileParts } from './store-content.ts';

/** @throws GatewayError */
export async function createFile(request: IncomingMessage, principal: Principal, parts: FileParts): Promise<FileObject> {
  const form = await readForm(request, { fileBytes: mostFileBytes });
  const { purpose, datastore } = readFields(FileFields.partial(), form.before);
  const place = await parts.objects.begin({ principal, recipient: parts.keys.recipient.publicKey, what: { kind: 'file', filename: form.filename, purpose: purpose ?? 'user_data', ...(datastore === undefined ? {} : { datastore }) } });
  const end = async () => {
    const all = readFields(FileFields, await form.fields);
    // Where it goes must be known before it does.
    if (all.datastore !== datastore) throw new GatewayError('invalid_request', 'datastore');
    return all.purpose;
  };
  return await storeContent(parts, place, { bytes: form.file, rows: { purpose }, end }) as FileObject;
}

function readFields<T>(schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: { issues: { code?: string; path: PropertyKey[]; keys?: string[] }[] } } }, fields: Fields): T {
  const read = schema.safeParse({ ...fields });
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw new GatewayError('unknown_parameter', issue.keys?.[0]?.slice(0, 100) ?? null);
  throw new GatewayError('invalid_request', issue?.path.join('.').slice(0, 100) ?? null);
}
