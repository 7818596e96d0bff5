/** Sessions: signing in to the studio, and knowing who one is. The gateway sets the cookie and is alone with passwords and codes; control knows a session by its keyed hash and a password by its argon2id. */
import { z } from 'zod';
import { Browser, System } from '../browsers.ts';
import { pub, personal, secret } from '../marks.ts';
import { Name, PrincipalId, SessionId, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { Role, Scope } from '../roles.ts';

export const Password = z.string().min(8, 'at least 8 characters').max(200);
export const SignInCode = z.string().min(1).max(100);

/** How somebody signs in: by name and password, or by a link that works once. */
export const SignIn = z.discriminatedUnion('method', [
  z.strictObject({ method: pub(z.literal('password')), name: personal(Name), password: secret(z.string().min(1).max(200)) }),
  z.strictObject({ method: pub(z.literal('link')), code: secret(SignInCode) }),
]);
export type SignIn = z.output<typeof SignIn>;

export const CurrentSession = z.object({
  /** Null for a key and for the user of `modelkeep up`. */
  account: z.object({ id: pub(PrincipalId), name: personal(Name) }).nullable(),
  kind: pub(z.enum(['local_user', 'administrator', 'project_token', 'endpoint_key', 'account'])),
  /** What one may do in `project`. */
  role: pub(Role), scope: pub(Scope),
  project: pub(Name),
  /** Every project that is open, and the role in it. */
  projects: z.array(z.object({ name: pub(Name), role: pub(Role) })),
  /** What the header `x-modelkeep-csrf` of every change must carry; null where there is no session. */
  csrf: secret(z.string().nullable()),
  /** When the session ends at the latest, and when it ends unless it is used; null where there is none. */
  expiresAt: pub(Time.nullable()), idleAt: pub(Time.nullable()),
  /** False where one can sign in by link only. */
  hasPassword: pub(z.boolean()),
});
export type CurrentSession = z.output<typeof CurrentSession>;

export const signIn = operation({
  id: 'signIn', summary: 'Sign in; the answer sets the session\'s cookie', tag: 'identity', method: 'POST', path: '/api/session', access: 'none', servedBy: 'gateway',
  request: SignIn, response: CurrentSession, errors: ['invalid_request', 'sign_in_refused', 'sign_in_limited', 'csrf_refused', 'control_unavailable'],
});
export const showSession = operation({
  id: 'showSession', summary: 'Who is asking, and what they may do where', tag: 'identity', method: 'GET', path: '/api/session', access: 'read', servedBy: 'gateway',
  response: CurrentSession, errors: ['control_unavailable'],
});
export const signOut = operation({
  id: 'signOut', summary: 'End this session', tag: 'identity', method: 'DELETE', path: '/api/session', access: 'read', servedBy: 'gateway',
  response: z.object({ ended: pub(z.boolean()) }), errors: ['csrf_refused', 'control_unavailable'],
});

export const Session = z.object({
  id: pub(SessionId), account: personal(Name), startedAt: pub(Time), lastSeenAt: pub(Time), expiresAt: pub(Time),
  method: pub(z.enum(['password', 'link'])), browser: pub(Browser), system: pub(System),
  /** True for the one that asks. */
  current: pub(z.boolean()),
});
export type Session = z.output<typeof Session>;
export const listSessions = operation({
  id: 'listSessions', summary: 'List one\'s own sessions, or those of an account (administrators)', tag: 'identity', method: 'GET', path: '/api/sessions', access: 'read', servedBy: 'control',
  query: z.strictObject({ account: personal(Name.optional()) }), response: z.object({ data: z.array(Session) }), errors: ['person_not_found'],
});
export const revokeSession = operation({
  id: 'revokeSession', summary: 'End a session; its next request is refused', tag: 'identity', method: 'DELETE', path: '/api/sessions/{session}', access: 'read', servedBy: 'control',
  params: z.object({ session: pub(SessionId) }), response: z.object({ id: pub(SessionId), ended: pub(z.literal(true)) }), errors: ['session_not_found'],
});
export const changePassword = operation({
  id: 'changePassword', summary: 'Set one\'s own password; every other session of the account ends', tag: 'identity', method: 'POST', path: '/api/password', access: 'read', servedBy: 'gateway',
  request: z.strictObject({ current: secret(z.string().max(200).optional()), password: secret(Password) }), response: z.object({ endedSessions: pub(z.int()) }),
  errors: ['invalid_request', 'password_refused', 'sign_in_limited', 'csrf_refused', 'control_unavailable'],
});
