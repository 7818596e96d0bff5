/** What the gateway asks control about sessions, over the local socket. The gateway holds the cookie's value; control mints it and keeps its keyed hash. No password ever goes to control. */
import { z } from 'zod';
import { Browser, System } from '../browsers.ts';
import { CurrentSession } from '../http/sessions.ts';
import { Name } from '../names.ts';
import { Principal } from './principal.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `POST /internal/sessions/resolve`: who a session is. `project`: what the header `x-modelkeep-project` says. */
export const ResolveSession = {
  request: z.strictObject({ hash: Hash, project: Name.nullable(), /** False for a page that only looks again by itself: it must not keep a session alive. */ used: z.boolean() }),
  response: z.object({ principal: Principal }),
};
/** Everything that the caller is told but what is derived from the cookie. */
const Shown = CurrentSession.omit({ csrf: true });
export type ShownSession = z.output<typeof Shown>;
/** A password as argon2id in the PHC form. */
const PasswordHash = z.string().regex(/^\$argon2id\$v=19\$[\w=,]{1,60}\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{16,86}$/);
/** `POST /internal/sessions/attempts`: begins an attempt to sign in by password, which control counts, and tells what the password must match; null where it can match nothing. */
export const AttemptSignIn = { request: z.strictObject({ name: Name }), response: z.object({ password: PasswordHash.nullable() }) };
/** `POST /internal/passwords/attempts`: the same for the current password of somebody who is signed in; null where none is asked for. */
export const AttemptPassword = { request: z.strictObject({ principal: Principal }), response: z.object({ password: PasswordHash.nullable() }) };
/** `POST /internal/passwords`: sets one's own. `verified`: what the current one matched; it must still be that. */
export const SetPassword = { request: z.strictObject({ principal: Principal, verified: PasswordHash.nullable(), password: PasswordHash }), response: z.object({ endedSessions: z.int() }) };

/** How somebody signs in, as control is told: the stored hash that the password matched, or the keyed hash of a link's code. */
export const SignInProof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), name: Name, verified: PasswordHash }), z.strictObject({ method: z.literal('link'), hash: Hash }),
]);
export type SignInProof = z.output<typeof SignInProof>;
/** `POST /internal/sessions`: signs in. `previous`: the session that the browser had, which ends. */
export const StartSession = {
  request: z.strictObject({ proof: SignInProof, previous: Hash.nullable(), browser: Browser, system: System }),
  response: z.object({ session: z.string(), shown: Shown }),
};
/** `POST /internal/sessions/show`. */
export const ShowSession = { request: z.strictObject({ principal: Principal }), response: Shown };
/** `POST /internal/sessions/end`. */
export const EndSession = { request: z.strictObject({ principal: Principal }), response: z.object({ ended: z.boolean() }) };
