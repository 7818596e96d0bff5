/** How something is stored: what protects it, how long it is kept, who can read it. */
import type { DataClassId } from './classes.ts';

/**
 * - `none`: it is public by design;
 * - `disk`: by the mode of its file or the database's login, and by whatever encrypts the operator's disk; no key of Modelkeep;
 * - `keyed_hash`: only HMAC-SHA-256 under a key derived from the root key is stored, so that it cannot be guessed without that key;
 * - `password_hash`: only argon2id with a salt of its own is stored: each guess costs 64 MiB and a tenth of a second;
 * - `two_layers`: AES-256-GCM twice, under data keys that only key-custody can unwrap;
 * - `wrapped`: AES-256-GCM under a key of key-custody, or of the customer's own key provider;
 * - `passphrase`: AES-256-GCM under a key that argon2id makes of a passphrase of the operator's;
 * - `root_key`: it was made with a key derived from the root key (a signature or a commitment): it cannot be forged without that key.
 */
export type Protection = 'none' | 'disk' | 'keyed_hash' | 'password_hash' | 'passphrase' | 'root_key' | 'two_layers' | 'wrapped';

export interface Column { class: DataClassId; protection: Protection; note?: string }
export interface Table {
  what: string;
  /** How long a row is kept. */
  kept: string;
  /** Who can read it through the product. Whoever has the database's login reads all of it. */
  readers: string;
  columns: Readonly<Record<string, Column>>;
}
export interface StoredFile {
  /** Path below the data folder; `*` stands for one name, `**` for anything below. */
  path: string;
  class: DataClassId; protection: Protection; what: string; kept: string; readers: string;
}

/** Columns of one class, protected as the disk is. */
export function columns(id: DataClassId, ...names: string[]): Record<string, Column> {
  return Object.fromEntries(names.map((name) => [name, { class: id, protection: 'disk' } as const]));
}
