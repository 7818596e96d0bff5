/** A session by the keyed hash of its cookie. */
import type { Reader } from '../storage/storage.ts';

export interface FoundSession { id: string; account_id: string; expires_at: string; last_seen: string }

/** All that stand in the database, with their last use: which of them are still open is for `Sessions.isOpen` to say. */
export const storedSessions = (db: Reader) => db.selectFrom('sessions').innerJoin('session_uses', 'session_uses.session_id', 'sessions.id').select(['id', 'account_id', 'expires_at', 'last_seen']);

export async function findSession(db: Reader, hash: string): Promise<FoundSession | undefined> {
  return await storedSessions(db).where('hash', '=', hash).executeTakeFirst();
}
