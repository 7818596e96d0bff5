/** Where alone a canary may be found afterwards. Content and credentials: nowhere, but a credential that is in use with those who use it. */
import { fieldsOf } from '#contract/marks.ts';
import type { Operation } from '#contract/operation.ts';
import type { Cell, Place } from '../cell.ts';

/** What the gateway answers or refuses by itself: control is never told of it. */
const endsAtGateway = new Set<Cell['outcome']>(['refused_by_authentication', 'wrong_credential', 'header', 'wrong_media_type', 'cut_off']);

/** What somebody who is signed in tells of themselves, such as a new password, is planted with a session: only a session may. */
export const bySession = ({ request, access }: Operation): boolean => access === 'read' && request !== undefined && fieldsOf(request).some(({ mark }) => mark === 'secret');

/** Operations on files, datastores and keys that the gateway serves, since control is not given their content or their credentials. It tells control names. */
const isOnData = ({ servedBy, access }: Operation): boolean => servedBy === 'gateway' && (access === 'project' || access === 'people');

/** A management request is in the memory of control while it is worked on, and in that of the database if it is looked up. On disk is only what was accepted. */
export function mayBeIn(operation: Operation, cell: Cell): Place[] {
  const { outcome, mark, field, status, engine } = cell;
  const told: Place[] = field === 'request name of a field' || field === 'query name' ? ['answer'] : [];
  if (mark === 'secret') return outcome === 'complete' ? inUse[operation.id] ?? [] : [];
  // The gateway passes on who wants to sign in, and keeps what they prove it with.
  if (operation.id === 'signIn' && mark === 'personal' && outcome === 'complete') return ['control memory', 'postgres memory'];
  // Whether a session is open to the project that it names is for control to say.
  if (field === 'header x-modelkeep-project' && bySession(operation)) return ['control memory', 'postgres memory'];
  if (isOnData(operation)) return [...told, ...(mark === 'content' || endsAtGateway.has(outcome) ? [] : onData(operation, cell))];
  if (operation.servedBy === 'gateway') {
    const passedOn = engine === 'external' && mark === 'content' && ['complete', 'aborted', 'engine_refuses', 'engine_breaks_off'].includes(outcome);
    return passedOn ? ['engine'] : told;
  }
  if (endsAtGateway.has(outcome)) return told;
  const stored = outcome === 'complete' && operation.method !== 'GET' && status !== null && status < 300;
  return ['control memory', 'postgres memory', ...told, ...(stored ? ['database' as const, 'answer' as const] : [])];
}

/** A customer's credential: key-custody seals it, and control writes to a datastore with it. */
const inUse: Record<string, Place[]> = { setCustomerKey: ['custody memory'], createDatastore: ['custody memory', 'control memory'] };

/** A name: control is told it where it is asked for by it, or where it was accepted. */
function onData({ id }: Operation, { field, outcome, status }: Cell): Place[] {
  if (field.startsWith('params ')) return ['control memory', 'postgres memory'];
  // The name of a part is nobody's.
  if (outcome !== 'complete' || id === 'addUploadPart') return [];
  if (id === 'setCustomerKey') return ['custody memory'];
  return ['control memory', 'postgres memory', ...(status !== null && status < 300 ? ['database' as const, 'answer' as const] : [])];
}
