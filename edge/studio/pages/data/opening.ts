/** Whether somebody may open a file's content, as the server decides it: the page does not offer what would be refused. */
import type { Session } from '../../api/session.ts';

/** An operator of the installation opens what they uploaded themselves, and nothing else. */
export const operates = ({ role, scope, kind }: Pick<Session, 'role' | 'scope' | 'kind'>): boolean => kind !== 'account' || (role === 'administrator' && scope === 'installation');
export const isOwn = ({ account }: Pick<Session, 'account'>, by: string): boolean => account !== null && account.id === by;
export const mayOpen = (session: Session, by: string): boolean => session.role !== 'reader' && (!operates(session) || isOwn(session, by));
