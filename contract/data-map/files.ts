/** Every file of an installation's data folder, and the files that the command line keeps for its user. */
import { dataLayout } from '../installation.ts';
import type { StoredFile } from './storage.ts';

const owner = 'the user of modelkeep up';
const installation = 'as long as the installation';
const configuration = (path: string, what: string, kept = installation): StoredFile => ({ path, class: 'configuration', protection: 'disk', what, kept, readers: owner });
const model = (path: string, what: string, kept: string): StoredFile => ({ path: `${dataLayout.models}/${path}`, class: 'model_file', protection: 'none', what, kept, readers: owner });
const key = (name: string, what: string): StoredFile => ({ path: `${dataLayout.keys}/${name}`, class: 'key_material', protection: 'disk', what, kept: installation, readers: `key-custody; ${owner} (mode 0400)` });
const log = (name: string): StoredFile => ({
  path: `${dataLayout.logs}/${name}.log*`, class: 'telemetry', protection: 'disk', what: `Events of ${name}`, kept: 'until 16 MiB are full, then as NAME.log.1 until they are full again', readers: owner,
});

export const storedFiles: readonly StoredFile[] = [
  key('root.key', 'The root key: 32 random bytes'),
  key('ca.key', 'The key of the installation\'s own certificate authority'),
  { path: `${dataLayout.keys}/platform/**`, class: 'key_material', protection: 'wrapped', what: 'Platform keys of projects, wrapped under the root key', kept: 'until they are rotated and nothing is wrapped by them, or the project is deleted', readers: `key-custody; ${owner} (mode 0600)` },
  { path: `${dataLayout.keys}/customer/*`, class: 'provider_credential', protection: 'wrapped', what: 'Where each project\'s customer-managed key is, and its credential, sealed', kept: 'until the key is removed from use', readers: `key-custody; ${owner} (mode 0600)` },
  { path: `${dataLayout.keys}/data/**`, class: 'data_key', protection: 'wrapped', what: 'Data keys of sealed objects, wrapped', kept: 'until the object is deleted: then overwritten and removed', readers: `key-custody; ${owner} (mode 0600)` },
  { path: `${dataLayout.objects}/**`, class: 'sealed_data', protection: 'two_layers', what: 'Sealed objects: files and parts of uploads', kept: 'until they are deleted; parts until the upload is complete, cancelled or a day old', readers: `control; the gateway for its owner, with the data keys; ${owner}, as ciphertext` },
  { path: `${dataLayout.keys}/development/*`, class: 'key_material', protection: 'disk', what: 'Keys of the file provider, which stands in for a customer\'s key in development and tests only', kept: 'until their owner removes them', readers: `key-custody; ${owner} (mode 0600)` },
  { path: `${dataLayout.keys}/ca.pem`, class: 'configuration', protection: 'none', what: 'The authority\'s certificate', kept: installation, readers: owner },
  { path: dataLayout.authority, class: 'configuration', protection: 'none', what: 'The authority\'s certificate, for clients', kept: installation, readers: owner },
  { path: `${dataLayout.postgres}/**`, class: 'configuration', protection: 'disk', what: 'The embedded database: the tables below, with their classes', kept: 'as each table says', readers: `control; ${owner}` },
  configuration(`${dataLayout.postgres}.libraries/**`, 'Links to libraries of PostgreSQL, where its package is read-only'),
  model('sha256/*', 'Model files by their digest', 'until the operator removes them'),
  model('work/**', 'Pulls under way', 'until the pull ends'),
  model('quarantine/*', 'Files that were not what they should be', 'until the operator removes them'),
  log('supervisor'), log('control'), log('gateway'), log('key-custody'),
  { path: `${dataLayout.logs}/postgres.log`, class: 'telemetry', protection: 'disk', what: 'Why PostgreSQL does not start; it logs no statements and no values', kept: 'until the operator removes it', readers: owner },
  configuration(dataLayout.lock, 'The lock: one installation a data folder'),
  configuration(dataLayout.starterUnfinished, 'That the starter has not shown its keys', 'until it has'),
  configuration(`${dataLayout.audits}/**`, 'Reports of audits: places, operations, fields and counts', 'until the operator removes them'),
  configuration(dataLayout.restoring, 'That a restore is not complete, and of which backup', 'until it is'),
  configuration('run/*', 'Local sockets', 'while the installation runs'),
];

const remembered = (kind: string, what: string, kept: string): StoredFile => ({ path: `~/.local/state/modelkeep/${kind}/*.json`, class: 'personal', protection: 'disk', what, kept, readers: 'the user (mode 0600)' });

/** On the user's own machine. */
export const userFiles: readonly StoredFile[] = [
  { path: '~/.config/modelkeep/credentials.json', class: 'credential', protection: 'disk', what: 'The address and credential of the server that the user has logged in to', kept: 'until the user removes it', readers: 'the user (mode 0600)' },
  remembered('uploads', 'What an upload in parts goes on with: its id, the file\'s path, size and time, the parts that have arrived', 'until it is complete, or two days'),
  remembered('downloads', 'What a download goes on with: the file\'s id and state, and the path', 'until it is complete, or two days'),
  { path: 'the folder given to modelkeep backup', class: 'configuration', protection: 'disk', what: 'The tables above, with their classes, but for sessions, sign-in links and witnesses; sealed files as they are sealed; no key', kept: 'until the user removes it', readers: 'the user (mode 0700)' },
  { path: 'the file given to modelkeep export', class: 'configuration', protection: 'disk', what: 'The same tables', kept: 'until the user removes it', readers: 'the user (mode 0600)' },
  { path: 'the file given to modelkeep backup-keys', class: 'key_material', protection: 'passphrase', what: 'The keys, encrypted under a key that argon2id makes of a passphrase', kept: 'until the user removes it', readers: 'whoever has the file and its passphrase (mode 0600)' },
];

/** Whether a path below the data folder is one that the pattern means. */
export function matches(pattern: string, path: string): boolean {
  const source = pattern.split(/(\*\*|\*)/).map((part) => (part === '**' ? '.+' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))).join('');
  return new RegExp(`^${source}$`).test(path);
}
