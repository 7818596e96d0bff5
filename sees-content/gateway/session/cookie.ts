/** The session's cookie: what it is called, how it is set and cleared, and its value in a request. */
import type { IncomingHttpHeaders } from 'node:http';

/** Over TLS the name begins with `__Host-`: browsers then take it from this origin alone, over TLS alone, for every path. */
export const cookieName = (secure: boolean): string => (secure ? '__Host-modelkeep' : 'modelkeep');
const attributes = (secure: boolean): string => `Path=/; HttpOnly; ${secure ? 'Secure; ' : ''}SameSite=Strict`;

export const setCookie = (value: string, secure: boolean): string => `${cookieName(secure)}=${value}; ${attributes(secure)}`;
export const clearCookie = (secure: boolean): string => `${cookieName(secure)}=; Max-Age=0; ${attributes(secure)}`;

const minted = /^mk-ss-[A-Za-z0-9_-]{43}$/;

/** Undefined where there is none of the right name, more than one, or one that was never minted. */
export function sessionCookie({ cookie }: IncomingHttpHeaders, secure: boolean): string | undefined {
  const wanted = `${cookieName(secure)}=`;
  const values = (cookie ?? '').split(';').map((each) => each.trim()).filter((each) => each.startsWith(wanted)).map((each) => each.slice(wanted.length));
  return values.length === 1 && minted.test(values[0] ?? '') ? values[0] : undefined;
}
