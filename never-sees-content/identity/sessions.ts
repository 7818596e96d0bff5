/** The sessions of the studio: who one is, whether it is still open, and how one begins and ends. They live here alone: the gateway asks for every request. */
import type { z } from 'zod';
import type { Principal } from '#contract/internal/principal.ts';
import type { AttemptSignIn, ResolveSession, ShownSession, StartSession } from '#contract/internal/session.ts';
import type { Storage } from '../storage/storage.ts';
import { events } from '../server/events.ts';
import { Refusal } from '../server/refusal.ts';
import { Attempts } from './attempts.ts';
import type { CustodyClient } from './custody-client.ts';
import { endSessions } from './end-sessions.ts';
import { findSession, storedSessions } from './find-session.ts';
import type { FoundSession } from './find-session.ts';
import { LastSeen } from './last-seen.ts';
import { principalOf } from './principal-of.ts';
import { showPrincipal } from './show-principal.ts';
import { provenAccount, startSession } from './start-session.ts';

export interface SessionLimits { idleMs: number; sessionMs: number; now: () => number }

export class Sessions {
  readonly lastSeen: LastSeen;
  readonly attempts: Attempts;
  readonly limits: SessionLimits;
  readonly #storage: Storage;
  readonly #custody: CustodyClient;

  constructor(storage: Storage, custody: CustodyClient, limits: SessionLimits) {
    this.#storage = storage;
    this.#custody = custody;
    this.limits = limits;
    this.lastSeen = new LastSeen(storage);
    this.attempts = new Attempts(limits.now);
  }

  /** When a session ends unless it is used. */
  idleAt({ id, last_seen, expires_at }: Pick<FoundSession, 'id' | 'last_seen' | 'expires_at'>): number { return Math.min(this.lastSeen.of(id, last_seen) + this.limits.idleMs, Date.parse(expires_at)); }
  isOpen(session: Pick<FoundSession, 'id' | 'last_seen' | 'expires_at'>): boolean { return this.idleAt(session) > this.limits.now(); }

  /** @throws Refusal session_ended, project_not_found */
  async resolve({ hash, project, used }: z.output<typeof ResolveSession.request>): Promise<Principal> {
    const principal = await this.#storage.read(async (db) => {
      const session = await findSession(db, hash);
      if (!session || !this.isOpen(session)) throw new Refusal('session_ended');
      return await principalOf(db, session, project);
    });
    if (used && principal.sessionId !== undefined) this.lastSeen.touch(principal.sessionId, this.limits.now());
    return principal;
  }

  /** What the password of that name must match; null where there is no such account, or it has none. @throws Refusal sign_in_limited */
  async attempt({ name }: z.output<typeof AttemptSignIn.request>): Promise<string | null> {
    try { this.attempts.begin(name); } catch (error) { events.signIn('password', 'limited'); throw error; }
    const account = await this.#storage.read((db) => db.selectFrom('accounts').select('password').where('name', '=', name).executeTakeFirst());
    return account?.password ?? null;
  }

  /** @throws Refusal sign_in_refused */
  async start({ proof, previous, browser, system }: z.output<typeof StartSession.request>): Promise<z.input<typeof StartSession.response>> {
    const account = await provenAccount(this.#storage, proof, this.limits.now());
    const minted = await this.#custody.mint('mk-ss-');
    const { principal, ended } = await startSession(this.#storage, this.limits, { account, proof, previous, browser, system, hash: minted.hash });
    if (proof.method === 'password') this.attempts.succeeded(proof.name);
    for (const session of ended) this.lastSeen.forget(session);
    await this.sweep();
    return { session: minted.credential, shown: await this.show(principal) };
  }

  async show(principal: Principal): Promise<ShownSession> { return await this.#storage.read((db) => showPrincipal(db, principal, (session) => this.idleAt(session))); }

  /** @returns whether there was a session to end */
  async end({ id, sessionId }: Principal): Promise<boolean> {
    if (sessionId === undefined) return false;
    const { sessions } = await this.#storage.transact({ kind: 'account', id }, async (tx) => {
      const ended = await endSessions(tx, [sessionId], 'signed_out');
      return { result: ended, entries: ended.entries };
    });
    this.lastSeen.forget(sessionId);
    return sessions.length > 0;
  }

  /** Takes away what is over by its time. */
  async sweep(): Promise<void> {
    const rows = await this.#storage.read((db) => storedSessions(db).execute());
    const over = rows.filter((row) => !this.isOpen(row)).map(({ id }) => id);
    if (over.length === 0) return;
    await this.#storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
      const { sessions, entries } = await endSessions(tx, over, 'expired');
      return { result: sessions, entries };
    });
    for (const id of over) this.lastSeen.forget(id);
  }
}
