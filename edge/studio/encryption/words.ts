/** What the state of a key means, and what is to be done about it. */
import type { KeyState } from '#contract/http/encryption.ts';
import type { AnswerOf } from '../api/call.ts';
import type { StateBadge } from '../frame/state-badge.tsx';

export type Encryption = AnswerOf<'showEncryption'>;
export type CustomerKey = NonNullable<Encryption['customerKey']>;
type Look = Parameters<typeof StateBadge>[0]['look'];

export const states: Readonly<Record<KeyState, { word: string; look: Look; means: string; todo: string }>> = {
  enabled: { word: 'In use', look: 'good', means: 'Its provider opens what it has wrapped. Files are read and written as usual.', todo: 'Nothing. Whoever has power over the key at its provider can close the project\'s data at any time, without us.' },
  disabled: { word: 'Disabled here', look: 'attention', means: 'Uploads, downloads, jobs and new deployments of this project are refused; nothing is lost, and files can still be deleted.', todo: 'An administrator of the project enables it again when the reason is gone. The ledger says who disabled it, and when.' },
  denied: { word: 'Refused by its provider', look: 'bad', means: 'The provider answers and refuses: the key was disabled or deleted there, our permission was taken, or what is set here is wrong. Uploads, downloads, jobs and new deployments of this project are refused; nothing is lost here, and files can still be deleted.', todo: 'Enable the key, or give the permission back, at its provider; it is tried again within seconds. Where the key was deleted there for good, nobody can open the files any more.' },
  unreachable: { word: 'Provider does not answer', look: 'attention', means: 'Nobody knows whether the key may still be used. Nothing can be uploaded, and of the files only those that were opened within the last minute can still be read. Nothing is lost, and files can still be deleted.', todo: 'See whether the provider is up and reached from this installation; it is tried again within seconds.' },
};
/** What running deployments do once the key is disabled or refused. */
export const onDeniedInWords: Readonly<Record<CustomerKey['onDenied'], string>> = { keep: 'go on with what they hold in memory; new ones are refused', stop: 'are stopped at once' };
