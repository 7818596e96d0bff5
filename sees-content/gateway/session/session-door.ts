/** Sessions at the gateway: it holds the cookie's value for one request, and asks control who that is. Nothing of it is kept, so one that was ended is refused at once. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { CurrentSession, SignIn } from '#contract/http/sessions.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { SignInProof } from '#contract/internal/session.ts';
import { Name } from '#contract/names.ts';
import { operations } from '#contract/operations.ts';
import type { Authenticator } from '../authentication.ts';
import type { ControlClient } from '../control-client.ts';
import { GatewayError } from '../gateway-error.ts';
import { parseJson, readBody } from '../request-body.ts';
import { browserOf, systemOf } from './browser.ts';
import { clearCookie, sessionCookie, setCookie } from './cookie.ts';
import { csrfToken, requireOwnOrigin, requireToken } from './cross-site.ts';
import { hashPassword, matchPassword } from './password.ts';
import { parseTyped } from './typed-body.ts';

export interface SessionAnswer { body: object; headers: Record<string, string> }
const mostBytes = 4096;
type Controls = Pick<ControlClient, 'resolveSession' | 'attemptSignIn' | 'startSession' | 'showSession' | 'endSession' | 'attemptPassword' | 'setPassword'>;

/** What control is asked about can be no more than a name. @throws GatewayError project_not_found */
function namedProject({ 'x-modelkeep-project': project }: IncomingHttpHeaders): string | null {
  if (project === undefined || project === '') return null;
  const name = Name.safeParse(project);
  if (!name.success) throw new GatewayError('project_not_found');
  return name.data;
}

export class SessionDoor {
  readonly #authenticator: Authenticator;
  readonly #control: Controls;
  constructor(authenticator: Authenticator, control: Controls) {
    this.#authenticator = authenticator;
    this.#control = control;
  }

  /** Who the session of a request is; undefined where it has none. @throws GatewayError csrf_refused, session_ended, project_not_found, control_unavailable */
  async principalOf(request: IncomingMessage, secure: boolean): Promise<Principal | undefined> {
    const { headers, method = 'GET' } = request;
    const session = sessionCookie(headers, secure);
    if (session === undefined) return undefined;
    requireOwnOrigin(method, headers, secure);
    requireToken(method, headers, session);
    return await this.#control.resolveSession({ hash: this.#authenticator.hashOf(session), project: namedProject(headers), used: headers['x-modelkeep-unattended'] === undefined });
  }

  /** A cookie that the browser had is ended and never taken over: who planted it has nothing of it. @throws GatewayError */
  async signIn(request: IncomingMessage, secure: boolean): Promise<SessionAnswer> {
    const { headers } = request;
    requireOwnOrigin('POST', headers, secure);
    // A form of another site can send this without asking, but not as JSON.
    if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '')) throw new GatewayError('unsupported_media_type');
    const proof = await this.#prove(parseTyped(operations.signIn.request, parseJson(await readBody(request, mostBytes))), request.socket.remoteAddress ?? '');
    const had = sessionCookie(headers, secure);
    const { session, shown } = await this.#control.startSession({
      proof, previous: had === undefined ? null : this.#authenticator.hashOf(had), browser: browserOf(headers['user-agent']), system: systemOf(headers['user-agent']),
    });
    return { body: { ...shown, csrf: csrfToken(session) } satisfies CurrentSession, headers: { 'set-cookie': setCookie(session, secure) } };
  }

  /** @throws GatewayError sign_in_refused, sign_in_limited */
  async #prove(asked: SignIn, address: string): Promise<SignInProof> {
    if (asked.method === 'link') return { method: 'link', hash: this.#authenticator.hashOf(asked.code) };
    const { stored, matches } = await matchPassword('signIn', address, asked.password, async () => (await this.#control.attemptSignIn({ name: asked.name })).password);
    if (stored === null || !matches) throw new GatewayError('sign_in_refused');
    return { method: 'password', name: asked.name, verified: stored };
  }

  async show(request: IncomingMessage, principal: Principal, secure: boolean): Promise<SessionAnswer> {
    const session = principal.kind === 'account' ? sessionCookie(request.headers, secure) : undefined;
    return { body: { ...await this.#control.showSession({ principal }), csrf: session === undefined ? null : csrfToken(session) } satisfies CurrentSession, headers: {} };
  }

  /** A key has no session that could end. */
  async signOut(principal: Principal, secure: boolean): Promise<SessionAnswer> {
    if (principal.kind !== 'account') return { body: { ended: false }, headers: {} };
    return { body: await this.#control.endSession({ principal }), headers: { 'set-cookie': clearCookie(secure) } };
  }

  /** Control is told hashes only. @throws GatewayError permission_denied, password_refused, sign_in_limited */
  async changePassword(request: IncomingMessage, principal: Principal): Promise<SessionAnswer> {
    if (principal.kind !== 'account') throw new GatewayError('permission_denied');
    const { current = '', password } = parseTyped(operations.changePassword.request, parseJson(await readBody(request, mostBytes)));
    const { stored: verified, matches } = await matchPassword('signedIn', principal.id, current, async () => (await this.#control.attemptPassword({ principal })).password);
    if (verified !== null && !matches) throw new GatewayError('password_refused', 'current');
    return { body: await this.#control.setPassword({ principal, verified, password: await hashPassword(principal.id, password) }), headers: {} };
  }
}
