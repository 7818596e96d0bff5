/** Keeps other sites from using a browser's session: by where the browser says that a request comes from, and by a token that only our own pages are told. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { GatewayError } from '../gateway-error.ts';

/** Derived from the session itself: nobody stores it, and that of another session does not fit. */
export const csrfToken = (session: string): string => createHmac('sha256', session).update('modelkeep/csrf').digest('base64url');

/** @throws GatewayError csrf_refused where a browser says that another site, or another of our ports, made the request */
export function requireOwnOrigin(method: string, headers: IncomingHttpHeaders, secure: boolean): void {
  const site = headers['sec-fetch-site'];
  // `none`: somebody typed the address or opened a bookmark.
  if (site !== undefined && site !== 'same-origin' && !(site === 'none' && method === 'GET')) throw new GatewayError('csrf_refused');
  const { origin, host } = headers;
  if (origin === undefined) return;
  // Whoever ends TLS before us makes our own pages https.
  const own = [`https://${host ?? ''}`, ...(secure ? [] : [`http://${host ?? ''}`])];
  if (!own.includes(origin)) throw new GatewayError('csrf_refused');
}

/** @throws GatewayError csrf_refused where a change does not carry the session's token */
export function requireToken(method: string, headers: IncomingHttpHeaders, session: string): void {
  if (method === 'GET') return;
  const given = Buffer.from(String(headers['x-modelkeep-csrf'] ?? ''));
  const expected = Buffer.from(csrfToken(session));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new GatewayError('csrf_refused');
}
