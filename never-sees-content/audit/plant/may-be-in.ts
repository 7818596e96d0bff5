/** Where alone a canary may be found afterwards. Content and credentials: nowhere. */
import { fieldsOf } from '#contract/marks.ts';
import type { Operation } from '#contract/operation.ts';
import type { Cell, Place } from '../cell.ts';

/** What the gateway answers or refuses by itself: control is never told of it. */
const endsAtGateway = new Set<Cell['outcome']>(['refused_by_authentication', 'wrong_credential', 'header', 'wrong_media_type', 'cut_off']);

/** What somebody who is signed in tells of themselves, such as a new password, is planted with a session: only a session may. */
export const bySession = ({ request, access }: Operation): boolean => access !== 'none' && request !== undefined && fieldsOf(request).some(({ mark }) => mark === 'secret');

/** A management request is in the memory of control while it is worked on, and in that of the database if it is looked up. On disk is only what was accepted. */
export function mayBeIn(operation: Operation, { outcome, mark, field, status, engine }: Cell): Place[] {
  const told: Place[] = field === 'request name of a field' || field === 'query name' ? ['answer'] : [];
  if (mark === 'secret') return [];
  // The gateway passes on who wants to sign in, and keeps what they prove it with.
  if (operation.id === 'signIn' && mark === 'personal' && outcome === 'complete') return ['control memory', 'postgres memory'];
  // Whether a session is open to the project that it names is for control to say.
  if (field === 'header x-modelkeep-project' && bySession(operation)) return ['control memory', 'postgres memory'];
  if (operation.servedBy === 'gateway') {
    const passedOn = engine === 'external' && mark === 'content' && ['complete', 'aborted', 'engine_refuses', 'engine_breaks_off'].includes(outcome);
    return passedOn ? ['engine'] : told;
  }
  if (endsAtGateway.has(outcome)) return told;
  const stored = outcome === 'complete' && operation.method !== 'GET' && status !== null && status < 300;
  return ['control memory', 'postgres memory', ...told, ...(stored ? ['database' as const, 'answer' as const] : [])];
}
