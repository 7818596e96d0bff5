/** A file on the server's machine: copied, never used in place. */
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Source } from '#contract/http/models.ts';
import type { Fetched, Fetching } from '../fetching.ts';
import { PullFailure } from '../pull-failure.ts';

export async function fetchFile(source: Extract<Source, { type: 'file' }>, { partPath, sizeLimit, signal, onProgress }: Fetching): Promise<Fetched> {
  let size: number;
  try {
    const stat = statSync(source.path);
    if (!stat.isFile()) throw new PullFailure('source_not_found');
    size = stat.size;
  } catch (error) { throw (error as { code?: string }).code === 'EACCES' ? new PullFailure('source_refused') : new PullFailure('source_not_found', error); }
  if (size > sizeLimit) throw new PullFailure('checksum_mismatch');
  let received = 0;
  const input = createReadStream(source.path, { highWaterMark: 1 << 20 });
  input.on('data', (chunk) => { received += chunk.length; onProgress(received, size); });
  try { await pipeline(input, createWriteStream(partPath, { mode: 0o600 }), { signal }); } catch (error) {
    const code = (error as { code?: string }).code;
    throw signal.aborted ? new PullFailure('interrupted') : code === 'EACCES' || code === 'EPERM' ? new PullFailure('source_refused') : error;
  }
  return {};
}
