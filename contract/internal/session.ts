/** What the gateway asks control about sessions, over the local socket. The gateway holds the cookie's value; control is told only its keyed hash, and mints it. */
import { z } from 'zod';
import { Browser, System } from '../browsers.ts';
import { CurrentSession } from '../http/sessions.ts';
import { Principal } from './principal.ts';

const Hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `POST /internal/sessions/resolve`: who a session is. `project`: what the header `x-modelkeep-project` says. */
export const ResolveSession = {
  request: z.strictObject({ hash: Hash, project: z.string().max(63).nullable(), /** False for a page that only looks again by itself: it must not keep a session alive. */ used: z.boolean() }),
  response: z.object({ principal: Principal }),
};
/** Everything that the caller is told but what is derived from the cookie. */
const Shown = CurrentSession.omit({ csrf: true });
export type ShownSession = z.output<typeof Shown>;
/** How somebody signs in, as control is told: of a link's code, the keyed hash. */
export const SignInProof = z.discriminatedUnion('method', [
  z.strictObject({ method: z.literal('password'), name: z.string(), password: z.string() }), z.strictObject({ method: z.literal('link'), hash: Hash }),
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
