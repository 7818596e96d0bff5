/** Downloads by HTTP with resumption: what is there already is kept where the server still has the same file. */
import { createWriteStream, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import type { Fetching } from '../fetching.ts';
import { PullFailure } from '../pull-failure.ts';

export interface Download {
  url: URL; headers: Record<string, string>;
  /** Gets the headers of the first answer: that of the source itself, before any redirect. */
  onSourceHeaders?: (headers: Dispatcher.ResponseData['headers']) => void;
  /** Milliseconds to wait after each attempt in a row that brought nothing new. As many attempts are made again. */
  retryDelays?: number[];
}
const redirects = new Set([301, 302, 303, 307, 308]);
const patience = [500, 1000, 2000, 4000, 8000];
const isLoopback = (url: URL): boolean => ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);

const sizeOf = (path: string): number => { try { return statSync(path).size; } catch { return 0; } };
const kept = (path: string): string | undefined => { try { return readFileSync(path, 'utf8'); } catch { return undefined; } };

/** A failure that may pass: a connection cut, a server that is busy. */
class Passing extends PullFailure { constructor(cause?: unknown) { super('source_unreachable', cause); } }

/**
 * Downloads to `partPath`. Once the source has answered, a cut connection is taken up again where it was; while there are new bytes this has no end.
 * @throws PullFailure
 */
export async function httpDownload(download: Download, fetching: Fetching): Promise<void> {
  const delays = download.retryDelays ?? patience;
  let furthest = sizeOf(fetching.partPath);
  for (let vain = 0; ;) {
    try { await attempt(download, fetching); return; } catch (error) {
      if (!(error instanceof Passing) || fetching.signal.aborted) throw fetching.signal.aborted ? new PullFailure('interrupted', error) : error;
      const size = sizeOf(fetching.partPath);
      vain = size > furthest ? 0 : vain;
      furthest = Math.max(furthest, size);
      const delay = delays[vain++];
      if (delay === undefined) throw error;
      await sleep(delay, undefined, { signal: fetching.signal }).catch(() => { throw new PullFailure('interrupted'); });
    }
  }
}

/** Follows redirects by hand: credentials stay with their origin, and plain HTTP only ever goes to this machine. */
async function follow(download: Download, headers: Record<string, string>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  let url = download.url;
  for (let hop = 0; hop < 10; hop++) {
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url))) throw new PullFailure('source_refused');
    const own = url.origin === download.url.origin ? download.headers : {};
    const answer = await request(url, { headers: { 'user-agent': 'modelkeep', 'accept-encoding': 'identity', ...own, ...headers }, signal, headersTimeout: 60_000, bodyTimeout: 60_000 })
      .catch((error: unknown) => { throw hop === 0 ? new PullFailure('source_unreachable', error) : new Passing(error); });
    if (hop === 0) download.onSourceHeaders?.(answer.headers);
    const location = answer.headers['location'];
    if (!redirects.has(answer.statusCode) || typeof location !== 'string') return answer;
    await answer.body.dump();
    if (!URL.canParse(location, url.href)) throw new PullFailure('source_refused');
    url = new URL(location, url);
  }
  throw new PullFailure('source_refused');
}

async function attempt(download: Download, fetching: Fetching): Promise<void> {
  const { partPath, signal } = fetching;
  const validatorPath = `${partPath}.etag`;
  const validator = kept(validatorPath);
  let offset = validator === undefined ? 0 : sizeOf(partPath);
  const answer = await follow(download, offset > 0 ? { range: `bytes=${offset}-`, 'if-range': validator ?? '' } : {}, signal);
  const otherPart = answer.statusCode === 206 && !String(answer.headers['content-range']).startsWith(`bytes ${offset}-`);
  if (otherPart || answer.statusCode === 416) {
    await answer.body.dump();
    rmSync(partPath, { force: true });
    rmSync(validatorPath, { force: true });
    throw offset > 0 ? new Passing() : new PullFailure('source_unreachable');
  }
  if (answer.statusCode !== 200 && answer.statusCode !== 206) {
    await answer.body.dump();
    if (answer.statusCode === 401 || answer.statusCode === 403) throw new PullFailure('source_refused');
    if (answer.statusCode === 404 || answer.statusCode === 410) throw new PullFailure('source_not_found');
    throw answer.statusCode === 429 || answer.statusCode >= 500 ? new Passing() : new PullFailure('source_unreachable');
  }
  if (answer.statusCode === 200) offset = 0;
  const etag = answer.headers['etag'];
  // Only a strong validator can say that the rest belongs to the beginning.
  if (typeof etag === 'string' && !etag.startsWith('W/')) writeFileSync(validatorPath, etag); else rmSync(validatorPath, { force: true });
  await receive(answer, offset, fetching);
  rmSync(validatorPath, { force: true });
}

async function receive(answer: Dispatcher.ResponseData, offset: number, { partPath, sizeLimit, onProgress }: Fetching): Promise<void> {
  const length = answer.headers['content-length'] === undefined ? Number.NaN : Number(answer.headers['content-length']);
  const total = Number.isSafeInteger(length) ? offset + length : null;
  if (total !== null && total > sizeLimit) { answer.body.on('error', () => undefined).destroy(); throw new PullFailure('checksum_mismatch'); }
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
    if (error instanceof PullFailure || ['ENOSPC', 'EDQUOT', 'EIO'].includes(String((error as { code?: string }).code))) throw error;
    throw new Passing(error);
  } finally { await closed(file); }
  if (file.errored) throw file.errored;
  if (total !== null && received < total) throw new Passing();
}

async function closed(file: ReturnType<typeof createWriteStream>): Promise<void> {
  if (file.closed) return;
  const done = once(file, 'close').catch(() => undefined);
  file.end();
  await done;
}
