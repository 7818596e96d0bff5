/**
 * The layout of an installation's data folder and the names of its local sockets: what processes of different rooms must agree on.
 * Everything below `keys/` belongs to key-custody, `models/` and `postgres/` to control; nobody else opens them.
 */
export const dataLayout = {
  lock: 'lock',
  postgres: 'postgres',
  keys: 'keys',
  models: 'models',
  logs: 'logs',
  /** PEM of the installation's own certificate authority, public. */
  authority: 'ca.pem',
  /** Stands while the starter has not shown its keys. */
  starterUnfinished: 'starter-unfinished',
  /** Reports of `modelkeep audit`, a folder each. */
  audits: 'audits',
  /** Sealed customer files: `objects/PROJECT/OBJECT`. A name with a dot in it is of one under way. */
  objects: 'objects',
  /** Stands while a restore is not complete: nothing starts then. */
  restoring: 'restoring',
} as const;

/** Names inside the run folder (mode 0700, short path: a socket path holds at most 107 bytes). */
export const sockets = {
  supervisor: 'supervisor.sock', custody: 'custody.sock', control: 'control.sock',
  /** The gateway's local door: its peer is the user of `modelkeep up`, who is administrator. */
  gateway: 'modelkeep.sock',
  postgres: '.s.PGSQL.5432',
} as const;

/** Folder of the sockets: inside the data folder where the path is short enough, else named by its hash under `base`. */
export function runFolder(dataFolder: string, base: string, hash: (text: string) => string): string {
  const inside = `${dataFolder}/run`;
  return inside.length <= 80 ? inside : `${base}/modelkeep-${hash(dataFolder).slice(0, 16)}`;
}
