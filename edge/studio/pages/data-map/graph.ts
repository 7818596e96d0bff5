/** The data map as boxes and arrows: who holds what, where it is stored, and which way what goes. Made from the map alone. */
import type { DataMap } from '#contract/data-map/data-map.ts';

export type Group = 'edge' | 'sees-content' | 'never-sees-content' | 'holds-keys' | 'stores' | 'outside';
export interface Box { id: string; name: string; group: Group; classes: ReadonlySet<string> }
/** `classes`: what goes along it, `from` one `to` the other. */
export interface Arrow { from: string; to: string; classes: ReadonlySet<string>; dashed: boolean }
export interface Graph { boxes: readonly Box[]; arrows: readonly Arrow[] }

export const groups: readonly { id: Group; name: string; says: string }[] = [
  { id: 'edge', name: 'On the user\'s side', says: 'edge' }, { id: 'sees-content', name: 'Sees content', says: 'sees-content' }, { id: 'never-sees-content', name: 'Never sees content', says: 'never-sees-content' },
  { id: 'holds-keys', name: 'Holds keys', says: 'holds-keys' }, { id: 'stores', name: 'Stored', says: 'data folder and database' }, { id: 'outside', name: 'Outside', says: 'destinations' },
];

/** The server of a command line or studio is this installation, as its own picture shows it. */
const server = 'server';

interface Store { id: string; name: string; by: readonly string[] }
const database: Store = { id: 'store:database', name: 'Database', by: ['control'] };
/** Which files belong together, and which processes write or read them. The first pattern that fits. */
const stores: readonly (Store & { pattern: RegExp })[] = [
  { ...database, pattern: /^postgres\/\*\*$/ }, { id: 'store:keys', name: 'Key files', by: ['key-custody'], pattern: /^keys\/|^ca\.pem$/ }, { id: 'store:models', name: 'Model files', by: ['control', 'worker'], pattern: /^models\// },
  { id: 'store:objects', name: 'Sealed files', by: ['control'], pattern: /^objects\// }, { id: 'store:logs', name: 'Logs', by: ['supervisor'], pattern: /^logs\// }, { id: 'store:audits', name: 'Audit reports', by: ['audit', 'control'], pattern: /^audits\// }, { id: 'store:user', name: 'Login of the command line', by: ['command-line'], pattern: /^~\// },
  { id: 'store:folder', name: 'Data folder', by: ['supervisor'], pattern: /.*/ },
];
const storeOf = (path: string): Store => stores.find(({ pattern }) => pattern.test(path)) ?? database;
const short = (name: string): string => name.replace(/ \(.*\)(, whose .*)?$|^(an?|the) /gi, '').replace(/^./, (letter) => letter.toUpperCase());

export function graphOf(map: DataMap): Graph {
  const held = new Map(map.processes.map(({ id }): [string, Set<string>] => [id, new Set()]));
  for (const { id, processed } of map.classes) for (const { process } of processed) held.get(process)?.add(id);
  const stored = new Map<string, { store: Store; classes: Set<string> }>();
  const keep = (store: Store, ...classes: string[]): void => {
    const entry = stored.get(store.id) ?? { store, classes: new Set<string>() };
    for (const each of classes) entry.classes.add(each);
    stored.set(store.id, entry);
  };
  for (const { columns } of map.tables) keep(database, ...Object.values(columns).map((column) => column.class));
  for (const { path, class: id } of [...map.files, ...map.userFiles]) keep(storeOf(path), id);
  const sentTo = map.destinations.filter(({ sends }) => sends.length > 0);
  const outside = sentTo.filter(({ id }) => id !== server);
  const boxes: Box[] = [
    ...map.processes.map(({ id, room, name }): Box => ({ id, name: short(name), group: room, classes: held.get(id) ?? new Set() })),
    ...[...stored.values()].map(({ store, classes }): Box => ({ id: store.id, name: store.name, group: 'stores', classes })),
    ...outside.map(({ id, name, sends }): Box => ({ id: `to:${id}`, name: short(name), group: 'outside', classes: new Set(sends) })),
  ];
  const both = (process: string, classes: Iterable<string>): Set<string> => new Set([...classes].filter((each) => held.get(process)?.has(each)));
  const arrows: Arrow[] = [
    ...map.localConnections.flatMap(({ carries, connects, listens }) => connects.flatMap((from) => listens.map((to): Arrow => ({ from: from.process, to: to.process, dashed: false, classes: both(from.process, both(to.process, from.carries ?? to.carries ?? carries)) })))),
    ...[...stored.values()].flatMap(({ store, classes }) => store.by.map((from): Arrow => ({ from, to: store.id, classes: both(from, classes), dashed: false }))),
    ...sentTo.flatMap(({ id, sends, openings }) => [...new Set(openings.map(({ process }) => process))].map((from): Arrow => ({ from, to: id === server ? 'gateway' : `to:${id}`, classes: both(from, sends), dashed: id !== server }))),
  ];
  return { boxes, arrows: merged(arrows.filter(({ from, to, classes }) => from !== to && classes.size > 0)) };
}

/** Several connections between the same two are one arrow. */
function merged(arrows: readonly Arrow[]): Arrow[] {
  const found = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const name = `${arrow.from} ${arrow.to}`;
    const before = found.get(name);
    found.set(name, before ? { ...before, classes: new Set([...before.classes, ...arrow.classes]) } : arrow);
  }
  return [...found.values()];
}
