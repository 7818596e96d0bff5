/** The studio's files, as the build left them: read once at the start, so that answering needs no disk and what is served cannot change under a running gateway. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface BuiltFile { type: string; etag: string; body: Buffer; gzip: Buffer | undefined }
export interface BuiltStudio { /** The one page, with the word that stands for its nonce. */ page: string; files: ReadonlyMap<string, BuiltFile> }

const types: Record<string, string> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.png': 'image/png', '.json': 'application/json' };

/** Undefined where the studio is not built. Files of a kind that a studio does not have are not served. */
export function readBuiltStudio(folder: string): BuiltStudio | undefined {
  let page: string;
  try { page = readFileSync(join(folder, 'index.html'), 'utf8'); } catch { return undefined; }
  const files = new Map<string, BuiltFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || type === undefined || entry.name === 'index.html') continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path), fileOf(readFileSync(path), type));
  }
  return { page, files };
}

function fileOf(body: Buffer, type: string): BuiltFile {
  const packed = /^(text|image\/svg|application\/json)/.test(type) ? gzipSync(body) : undefined;
  return { type, body, etag: `"${createHash('sha256').update(body).digest('base64url')}"`, gzip: packed && packed.length < body.length ? packed : undefined };
}
