/** What the state of a key means, and what is to be done about it. */
import type { KeyState } from '#contract/http/encryption.ts';
import type { AnswerOf } from '../../api/call.ts';
import type { StateBadge } from '../../frame/state-badge.tsx';

export type Encryption = AnswerOf<'showEncryption'>;
export type CustomerKey = NonNullable<Encryption['customerKey']>;
type Look = Parameters<typeof StateBadge>[0]['look'];

export const states: Readonly<Record<KeyState, { word: string; look: Look; means: string; todo: string }>> = {
  enabled: { word: 'In use', look: 'good', means: 'Its provider opens what it has wrapped. Files are read and written as usual.', todo: 'Nothing. Whoever has power over the key at its provider can close the project\'s data at any time, without us.' },
  disabled: { word: 'Disabled here', look: 'attention', means: 'Somebody disabled it here. Uploads, downloads, jobs and new deployments of this project are refused; nothing is lost.', todo: 'Enable it again on this page when the reason is gone.' },
  denied: { word: 'Refused by its provider', look: 'bad', means: 'The provider answers and refuses: the key was disabled or deleted there, or our permission was taken. Everything that needs it is refused; nothing is lost here.', todo: 'Enable the key, or give the permission back, at its provider; it is tried again within a minute. Where the key was deleted there for good, nobody can open the files any more.' },
  unreachable: { word: 'Provider does not answer', look: 'attention', means: 'Nobody knows whether the key may still be used, so what needs it is refused until its provider answers. Nothing is lost.', todo: 'See whether the provider is up and reached from this installation; it is tried again by itself.' },
};
export const onDeniedInWords: Readonly<Record<CustomerKey['onDenied'], string>> = { keep: 'go on with what they hold in memory; new ones are refused', stop: 'are stopped at once' };
