/** `POST /api/datastores/{datastore}/files`: what lies there already is read once, its rows are checked, and it is named as a file; or, where that was asked, a sealed copy is. */
import { designateFile as operation } from '#contract/http/datastores.ts';
import { mostFileBytes } from '#contract/http/files.ts';
import type { FileObject, FilePurpose } from '#contract/http/files.ts';
import { DesignateFile } from '#contract/internal/datastores.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { RowCheck } from '../files/rows/row-check.ts';
import { storeContent } from '../files/store-content.ts';
import type { FileParts } from '../files/store-content.ts';
import { GatewayError } from '../gateway-error.ts';
import { parseRequest } from '../request-body.ts';
import type { DataSource } from './data-source.ts';
import { openSource } from './opened-source.ts';

/** @throws GatewayError */
export async function designateFile(body: unknown, principal: Principal, datastore: string, parts: FileParts): Promise<FileObject> {
  const { path, purpose, copy } = parseRequest(operation.request, body);
  const { id, source, close } = await openSource(principal, { kind: 'datastore', datastore }, parts);
  try {
    const bytes = await source.size(path);
    if (bytes > mostFileBytes) throw new GatewayError('file_too_large', 'path');
    if (copy) return await sealCopy(source, { path, purpose, bytes }, principal, parts);
    const rows = await rowsOf(await source.read(path, { offset: 0, of: bytes }), purpose);
    return DesignateFile.response.parse(await parts.objects.ask('/internal/datastores/designate', { principal, datastore: id, path, purpose, bytes, rows }));
  } finally { close(); }
}

/** Null where the purpose has none. @throws GatewayError file_rows_invalid */
async function rowsOf(bytes: AsyncIterable<Buffer>, purpose: FilePurpose): Promise<number | null> {
  const check = new RowCheck(purpose);
  for await (const chunk of bytes) check.write(chunk);
  return check.end().rows;
}

async function sealCopy(source: DataSource, { path, purpose, bytes: of }: { path: string; purpose: FilePurpose; bytes: number }, principal: Principal, parts: FileParts): Promise<FileObject> {
  const place = await parts.objects.begin({ principal, recipient: parts.keys.recipient.publicKey, what: { kind: 'file', filename: path.split('/').at(-1) ?? path, purpose } });
  // Opened when its keys are there: what is opened and never read would stay open.
  const bytes = async function* (): AsyncGenerator<Buffer> { yield* await source.read(path, { offset: 0, of }); };
  return await storeContent(parts, place, { bytes: bytes(), rows: { purpose } }) as FileObject;
}
