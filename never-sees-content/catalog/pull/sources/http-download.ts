/** Downloads by HTTP with resumption: what is there already is kept where the server still has the same file. */
import { createWriteStream, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Fetching } from '../fetching.ts';
import { PullFailure } from '../pull-failure.ts';

export interface Download { url: URL; headers: Record<string, string> }
const redirects = new Set([301, 302, 303, 307, 308]);
const isLoopback = (url: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);

const sizeOf = (path: string): number => { try { return statSync(path).size; } catch { return 0; } };
const kept = (path: string): string | undefined => { try { return readFileSync(path, 'utf8'); } catch { return undefined; } };

/** Follows redirects by hand: credentials stay with their origin, and plain HTTP only ever goes to this machine. */
async function follow(download: Download, headers: Record<string, string>, signal: AbortSignal, seen: (headers: Dispatcher.ResponseData['headers']) => void): Promise<Dispatcher.ResponseData> {
  let url = download.url;
  for (let hop = 0; hop < 10; hop++) {
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) throw new PullFailure('source_refused');
    const own = url.origin === download.url.origin ? download.headers : {};
    const answer = await request(url, { headers: { 'user-agent': 'modelkeep', 'accept-encoding': 'identity', ...own, ...headers }, signal, headersTimeout: 60_000, bodyTimeout: 60_000 })
      .catch((error: unknown) => { throw signal.aborted ? new PullFailure('interrupted') : new PullFailure('source_unreachable', error); });
    seen(answer.headers);
    const location = answer.headers['location'];
    if (!redirects.has(answer.statusCode) || typeof location !== 'string') return answer;
    await answer.body.dump();
    url = new URL(location, url);
  }
  throw new PullFailure('source_unreachable');
}

/** Downloads to `partPath`. `seen` gets the headers of every hop. @throws PullFailure */
export async function httpDownload(download: Download, fetching: Fetching, seen: (headers: Dispatcher.ResponseData['headers']) => void = () => undefined): Promise<void> {
  const { partPath, signal } = fetching;
  const validatorPath = `${partPath}.etag`;
  const validator = kept(validatorPath);
  let offset = validator === undefined ? 0 : sizeOf(partPath);
  const answer = await follow(download, offset > 0 ? { range: `bytes=${offset}-`, 'if-range': validator ?? '' } : {}, signal, seen);
  if (answer.statusCode === 416 && offset > 0) {
    await answer.body.dump();
    rmSync(partPath, { force: true });
    rmSync(validatorPath, { force: true });
    return await httpDownload(download, fetching, seen);
  }
  if (answer.statusCode === 401 || answer.statusCode === 403) throw new PullFailure('source_refused');
  if (answer.statusCode === 404 || answer.statusCode === 410) throw new PullFailure('source_not_found');
  if (answer.statusCode !== 200 && answer.statusCode !== 206) throw new PullFailure('source_unreachable');
  if (answer.statusCode === 200) offset = 0;
  const etag = answer.headers['etag'];
  // Only a strong validator can say that the rest belongs to the beginning.
  if (typeof etag === 'string' && !etag.startsWith('W/')) writeFileSync(validatorPath, etag); else rmSync(validatorPath, { force: true });
  await receive(answer, offset, fetching);
  rmSync(validatorPath, { force: true });
}

async function receive(answer: Dispatcher.ResponseData, offset: number, { partPath, sizeLimit, onProgress }: Fetching): Promise<void> {
  const length = Number(answer.headers['content-length']);
  const total = Number.isSafeInteger(length) ? offset + length : null;
  if (total !== null && total > sizeLimit) { answer.body.destroy(); throw new PullFailure('checksum_mismatch'); }
  const file = createWriteStream(partPath, { flags: offset > 0 ? 'a' : 'w', mode: 0o600 });
  const failed = new Promise<never>((_resolve, reject) => file.once('error', reject));
  failed.catch(() => undefined);
  let received = offset;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > sizeLimit) throw new PullFailure('checksum_mismatch');
      if (!file.write(chunk)) await Promise.race([once(file, 'drain'), failed]);
      onProgress(received, total);
    }
  } catch (error) {
    if (error instanceof PullFailure || (error as { code?: string }).code === 'ENOSPC') throw error;
    throw new PullFailure('source_unreachable', error);
  } finally { await new Promise<void>((resolve) => file.end(() => resolve())); }
  if (total !== null && received < total) throw new PullFailure('source_unreachable');
}
