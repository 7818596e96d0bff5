/** Serves the studio: its files under their names, and its one page at every other address below /studio. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BuiltFile, BuiltStudio } from './built-files.ts';
import { contentSecurityPolicy, studioHeaders } from './page-headers.ts';

/** What stands in the built page where each answer has its own nonce. */
const placeholder = 'STYLE-NONCE';
const notBuilt = 'The studio is not built. Run: npm run studio\nand start Modelkeep again. The command line does everything that the studio does: npx modelkeep help\n';

/** True where the path was the studio's, and is answered. `/` leads there whoever asks for a page. */
export function serveStudio(request: IncomingMessage, response: ServerResponse, path: string, studio: BuiltStudio | undefined): boolean {
  const reading = request.method === 'GET' || request.method === 'HEAD';
  if (path === '/' && reading && (request.headers.accept ?? '').includes('text/html')) {
    response.writeHead(302, { ...studioHeaders, location: '/studio' }).end();
    return true;
  }
  if (path !== '/studio' && !path.startsWith('/studio/')) return false;
  if (!reading) response.writeHead(405, { allow: 'GET, HEAD', 'content-length': 0 }).end();
  else if (!studio) answer(response, request, 503, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }, Buffer.from(notBuilt));
  else serve(request, response, path.slice('/studio/'.length), studio);
  return true;
}

function serve(request: IncomingMessage, response: ServerResponse, name: string, { page, files }: BuiltStudio): void {
  const file = files.get(name);
  if (file) serveFile(request, response, name, file);
  else if (name.startsWith('assets/')) answer(response, request, 404, { 'content-type': 'text/plain; charset=utf-8' }, Buffer.from('There is no such file in this version of the studio.\n'));
  else {
    const nonce = randomBytes(16).toString('base64');
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': contentSecurityPolicy(nonce) };
    answer(response, request, 200, headers, Buffer.from(page.replaceAll(placeholder, nonce)));
  }
}

function serveFile(request: IncomingMessage, response: ServerResponse, name: string, { type, etag, body, gzip }: BuiltFile): void {
  // Names below assets/ are made of their contents.
  const headers = { 'content-type': type, etag, vary: 'accept-encoding', 'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache', 'content-security-policy': "default-src 'none'" };
  if (request.headers['if-none-match'] === etag) response.writeHead(304, { ...studioHeaders, ...headers }).end();
  else if (gzip && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) answer(response, request, 200, { ...headers, 'content-encoding': 'gzip' }, gzip);
  else answer(response, request, 200, headers, body);
}

function answer(response: ServerResponse, { method }: IncomingMessage, status: number, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(status, { ...studioHeaders, ...headers, 'content-length': body.length }).end(method === 'HEAD' ? undefined : body);
}
