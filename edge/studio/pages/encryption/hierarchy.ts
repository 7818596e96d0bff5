/** The keys of a project as boxes, each wrapping the one below: what the picture draws, and what stands beside it in words. */
import type { KeyState } from '#contract/http/encryption.ts';
import { count, time } from '../../frame/format.ts';
import { described } from './providers.ts';
import { states } from '../../encryption/words.ts';
import type { Encryption } from '../../encryption/words.ts';

export type Side = 'platform' | 'customer';
/** `side`: null where it belongs to both. `closed`: nothing below it can be opened. */
export interface KeyBox { id: string; side: Side | null; row: number; title: string; lines: readonly string[]; look: 'plain' | 'good' | 'attention' | 'bad'; closed: boolean }
export interface Hierarchy { boxes: readonly KeyBox[]; /** One wraps the other. */ wraps: readonly (readonly [from: string, to: string])[] }

const opening: Readonly<Record<KeyState, string>> = {
  enabled: 'opened with a data key of each layer', disabled: 'nobody can open them now', denied: 'nobody can open them now', unreachable: 'only those that were opened in the last minute can be read',
};
const keysInWords = (keys: number): string => `${count(keys)} data ${keys === 1 ? 'key' : 'keys'}`;

export function hierarchyOf({ platformKey, customerLayer, customerKey }: Encryption): Hierarchy {
  const plain = { look: 'plain', closed: false } as const;
  const above: KeyBox[] = [{ id: 'root', side: customerKey ? 'platform' : null, row: 0, title: 'Platform root', lines: ['in key custody, of this installation'], ...plain }];
  const own: KeyBox = { id: 'own', side: 'customer', row: 1, title: 'Second platform key', lines: [`version ${customerLayer.version}`, 'stands in until there is a key of yours'], ...plain };
  const state = customerKey ? states[customerKey.state] : undefined;
  const closed = customerKey !== null && customerKey.state !== 'enabled';
  if (customerKey) above.push({ id: 'provider', side: 'customer', row: 0, title: described(customerKey.settings.provider).name, lines: ['outside of Modelkeep'], ...plain });
  const theirs: KeyBox = customerKey && state ? { id: 'own', side: 'customer', row: 1, title: 'Customer-managed key', lines: [state.word, customerKey.kid], look: state.look === 'good' || state.look === 'bad' ? state.look : 'attention', closed } : own;
  return {
    boxes: [
      ...above, { id: 'platform', side: 'platform', row: 1, title: 'Platform key', lines: [`version ${count(platformKey.version)}`, `since ${time(platformKey.since)}`], ...plain }, theirs,
      { id: 'platform-data', side: 'platform', row: 2, title: keysInWords(platformKey.dataKeys), lines: ['of the platform\'s layer'], ...plain },
      { id: 'customer-data', side: 'customer', row: 2, title: keysInWords(customerLayer.dataKeys), lines: [closed ? 'of the customer\'s layer: closed' : 'of the customer\'s layer'], look: 'plain', closed },
      { id: 'files', side: null, row: 3, title: 'Sealed files', lines: [opening[customerKey?.state ?? 'enabled']], look: closed ? theirs.look : 'plain', closed },
    ],
    wraps: [['root', 'platform'], [customerKey ? 'provider' : 'root', 'own'], ['platform', 'platform-data'], ['own', 'customer-data'], ['platform-data', 'files'], ['customer-data', 'files']],
  };
}

/** A box and what it wraps, one below the other. */
export interface Branch { box: KeyBox; below: readonly Branch[] }
export function branchesOf({ boxes, wraps }: Hierarchy): Branch[] {
  const branch = (box: KeyBox): Branch => ({ box, below: wraps.flatMap(([from, to]) => (from === box.id && to !== 'files' ? boxes.filter(({ id }) => id === to).map(branch) : [])) });
  return boxes.filter(({ id, row }) => row === 0 || id === 'files').map(branch);
}
export const boxInWords = ({ title, lines }: KeyBox): string => `${title}, ${lines.join(', ')}`;
/** The whole picture as a text. */
export const inWords = (hierarchy: Hierarchy): string => {
  const sentence = ({ box, below }: Branch): string => (below.length === 0 ? boxInWords(box) : `${boxInWords(box)}, wraps: ${below.map(sentence).join('; and ')}`);
  return `${branchesOf(hierarchy).map(sentence).join('. ')}.`;
};
