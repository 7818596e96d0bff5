/** Makes an object that was not there: in one request, or in parts that are one object only when all are there. */
import { randomUUID } from 'node:crypto';
import { BucketError, hasReason, isNotOffered } from './bucket-error.ts';
import type { Answer, Bucket, Question } from './bucket.ts';
import { head, writeHeader } from './head.ts';
import { inParts } from './parts.ts';
import type { Part } from './parts.ts';
import { escaped, textOf } from './xml.ts';

/** S3 takes 10,000 parts: 160 GiB. */
export const partBytes = 16 << 20;
/** Parts on their way at once. So many are in memory, the one that is being filled, and its copy. */
const lanes = 2;

interface Creation { bucket: Bucket; key: string; /** Id of this write. */ write: string }

/** @returns its bytes. @throws StoreError, or what the stream threw; then there is nothing of it */
export async function create(bucket: Bucket, key: string, stream: AsyncIterable<Buffer>): Promise<number> {
  const creation = { bucket, key, write: randomUUID() };
  const parts = inParts(stream, partBytes);
  try {
    const first = await parts.next();
    if (first.done === true) return 0;
    if (!first.value.last) return await inSeveral(creation, first.value.bytes, parts);
    const { bytes } = first.value;
    try {
      await onlyOnce(creation, { method: 'PUT', key, headers: { [writeHeader]: creation.write }, body: bytes });
    } catch (error) { await takeBack(creation); throw error; }
    return bytes.length;
  } finally { await parts.return(undefined).catch(() => undefined); }
}

async function inSeveral(creation: Creation, first: Buffer, rest: AsyncGenerator<Part>): Promise<number> {
  const { bucket, key, write } = creation;
  const started = await bucket.ask({ method: 'POST', key, query: { uploads: '' }, headers: { [writeHeader]: write } });
  const uploadId = started.xml ? textOf(started.xml, 'UploadId') : '';
  if (uploadId === '') throw new BucketError(started.status, 'MalformedXML');
  const sent: Promise<string>[] = [];
  const send = async (bytes: Buffer): Promise<void> => {
    await sent[sent.length - lanes];
    const part = sendPart(bucket, { method: 'PUT', key, query: { partNumber: String(sent.length + 1), uploadId }, body: bytes });
    part.catch(() => undefined);
    sent.push(part);
  };
  try {
    let length = first.length;
    await send(first);
    for await (const { bytes } of rest) {
      length += bytes.length;
      await send(bytes);
    }
    const list = (await Promise.all(sent)).map((etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`).join('');
    const body = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${list}</CompleteMultipartUpload>`);
    await onlyOnce(creation, { method: 'POST', key, query: { uploadId }, body });
    return length;
  } catch (error) {
    await Promise.allSettled(sent);
    await bucket.ask({ method: 'DELETE', key, query: { uploadId } }).catch(() => undefined);
    await takeBack(creation);
    throw error;
  }
}

/** @returns the entity tag of the part */
async function sendPart(bucket: Bucket, question: Question): Promise<string> {
  const { headers, status } = await bucket.ask(question);
  if (typeof headers['etag'] !== 'string') throw new BucketError(status, 'MalformedHeaders');
  return headers['etag'];
}

/** The step that makes the object. Where the storage cannot refuse what is there already, it is asked beforehand. */
async function onlyOnce(creation: Creation, question: Question): Promise<void> {
  const { bucket, key } = creation;
  const once = async (headers: Record<string, string>): Promise<Answer> => await bucket.ask({ ...question, headers: { ...question.headers, ...headers } });
  try { await once({ 'if-none-match': '*' }).catch(async (error: unknown) => {
    if (!isNotOffered(error)) throw error;
    if (await head(bucket, key)) throw new BucketError(412, 'PreconditionFailed');
    return await once({});
  }); } catch (error) {
    // It may be there because an attempt before had succeeded, and only the answer was lost.
    if (!hasReason(error, 'PreconditionFailed', 'NoSuchUpload') || (await head(bucket, key))?.write !== creation.write) throw error;
  }
}

/** What came of a write that failed, and only of that one. What cannot be asked now is found by whoever erases the name later. */
async function takeBack({ bucket, key, write }: Creation): Promise<void> {
  try {
    const found = await head(bucket, key);
    if (found?.write === write) await bucket.ask({ method: 'DELETE', key, query: found.version === undefined ? {} : { versionId: found.version } });
  } catch { /* The write has failed already. */ }
}
