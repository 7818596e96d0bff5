/** Every table and column of the database. A column that stands here and not in a fresh database, or the other way round, fails a test. */
import { columns } from './storage.ts';
import type { Table } from './storage.ts';

const project = 'control; by it the project\'s tokens and administrators';
const administrators = 'control; by it administrators';
const everyProject = 'control; by it every project\'s tokens and administrators';
const forEver = 'for ever';

export const tables: Readonly<Record<string, Table>> = {
  projects: {
    what: 'Projects', kept: 'until the project is deleted', readers: administrators,
    columns: { ...columns('configuration', 'id', 'name', 'created_at', 'deleting'), ...columns('personal', 'created_by') },
  },
  credentials: {
    what: 'Credentials, as keyed hashes', kept: 'endpoint keys: until they are replaced or their deployment is deleted; tokens and administrators: for ever, revoked ones included', readers: project,
    columns: {
      ...columns('configuration', 'id', 'kind', 'project_id', 'deployment_id', 'slot', 'created_at', 'expires_at', 'revoked_at', 'works'), ...columns('personal', 'name', 'created_by'),
      hash: { class: 'credential', protection: 'keyed_hash' }, hint: { class: 'credential', protection: 'disk', note: 'the prefix and four characters of 43' },
    },
  },
  datastores: {
    what: 'Datastores', kept: 'until the datastore is removed', readers: project,
    columns: {
      ...columns('configuration', 'id', 'project_id', 'name', 'use', 'geography', 'is_default', 'created_at'), ...columns('personal', 'place', 'created_by'), credential: { class: 'provider_credential', protection: 'wrapped' },
    },
  },
  objects: { what: 'Sealed objects, by id and size', kept: 'until what they belong to is deleted', readers: 'control', columns: columns('configuration', 'id', 'project_id', 'datastore_id', 'kind', 'state', 'sealed_bytes', 'created_at') },
  files: {
    what: 'Files: names and sizes, never content', kept: 'until the file is deleted', readers: project,
    columns: { ...columns('configuration', 'id', 'project_id', 'datastore_id', 'object_id', 'purpose', 'bytes', 'rows', 'state', 'upload_id', 'created_at', 'expires_at'), ...columns('personal', 'filename', 'path', 'created_by') },
  },
  uploads: {
    what: 'Uploads in parts', kept: 'until the file that it became is deleted; without one, until the project is', readers: project,
    columns: { ...columns('configuration', 'id', 'project_id', 'datastore_id', 'purpose', 'bytes', 'mime_type', 'state', 'file_id', 'created_at', 'expires_at'), ...columns('personal', 'filename', 'created_by') },
  },
  upload_parts: { what: 'Parts of uploads', kept: 'until the upload is complete, cancelled or a day old', readers: project, columns: columns('configuration', 'id', 'upload_id', 'object_id', 'bytes', 'created_at') },
  deletions: {
    what: 'Deletions under way', kept: 'until the certificate is in the ledger', readers: 'control', columns: { ...columns('configuration', 'object', 'project_id', 'object_id', 'started_at', 'before'), ...columns('personal', 'actor_kind', 'actor_id') },
  },
  accounts: {
    what: 'People who sign in to the studio', kept: 'until the account is removed', readers: administrators,
    columns: { ...columns('personal', 'id', 'name', 'created_by'), ...columns('configuration', 'created_at'), password: { class: 'credential', protection: 'password_hash' } },
  },
  account_roles: { what: 'Roles of people', kept: 'until the role or the account is removed', readers: administrators, columns: columns('personal', 'account_id', 'project_id', 'role') },
  sessions: {
    what: 'Sessions of the studio that are open', kept: 'until they end; an expired one until somebody signs in', readers: 'control; by it whose session it is, and administrators',
    columns: { ...columns('personal', 'id', 'account_id', 'created_at', 'expires_at', 'method', 'browser', 'system'), hash: { class: 'credential', protection: 'keyed_hash' } },
  },
  session_uses: { what: 'When each open session was last used, to the minute', kept: 'as long as the session', readers: 'control; by it whose session it is, and administrators', columns: columns('personal', 'session_id', 'last_seen') },
  sign_in_links: {
    what: 'Links that sign somebody in, once', kept: 'until the link is used, or a new one is made after it expired', readers: 'control',
    columns: { ...columns('personal', 'account_id', 'created_by'), ...columns('configuration', 'created_at', 'expires_at'), hash: { class: 'credential', protection: 'keyed_hash' } },
  },
  model_versions: {
    what: 'The catalog', kept: forEver, readers: everyProject,
    columns: { ...columns('catalog', 'digest', 'name', 'version', 'manifest', 'artifact_digest', 'artifact_size', 'pinned', 'imported_at', 'position'), ...columns('personal', 'imported_by') },
  },
  pulls: {
    what: 'Pulls and their progress', kept: forEver, readers: everyProject,
    columns: { ...columns('catalog', 'id', 'model_digest', 'state', 'received_bytes', 'total_bytes', 'failure', 'started_at', 'finished_at'), ...columns('personal', 'actor_kind', 'actor_id') },
  },
  pins: { what: 'Digests found by first pulls', kept: forEver, readers: 'control', columns: columns('catalog', 'model_digest', 'role', 'sha256') },
  engines: {
    what: 'External engines', kept: 'until the engine is removed', readers: everyProject,
    columns: {
      ...columns('configuration', 'id', 'name', 'url', 'model_name', 'served_model', 'dialect', 'credential_file', 'ca_file', 'client_certificate_file', 'client_key_file', 'created_at'),
      ...columns('personal', 'created_by'),
    },
  },
  deployments: {
    what: 'Deployments', kept: 'until the deployment is deleted', readers: project,
    columns: {
      ...columns('configuration', 'id', 'name', 'project_id', 'model_name', 'model_version', 'model_digest', 'artifact_digest', 'task', 'engine_id', 'region', 'geography',
        'isolation_requirement', 'limits', 'context_length', 'created_at'),
      ...columns('personal', 'created_by'),
    },
  },
  usage_records: {
    what: 'Usage, one row a request', kept: forEver, readers: project,
    columns: columns('usage', 'request_id', 'project_id', 'deployment_id', 'model_digest', 'region', 'operation', 'outcome', 'at', 'prompt_tokens', 'cached_tokens', 'output_tokens'),
  },
  ledger_entries: {
    what: 'The ledger', kept: `${forEver}: the database refuses to change or remove an entry`, readers: 'control; anyone reads its published form, in which facts are committed to under the salt',
    columns: {
      ...columns('ledger', 'seq', 'at', 'kind', 'object', 'project_id', 'previous', 'hash', 'salt'), ...columns('personal', 'actor_kind', 'actor_id'),
      facts: { class: 'ledger', protection: 'disk', note: 'names of tokens and of customer-managed keys, which are personal, among them' },
    },
  },
  receipt_leaves: {
    what: 'Leaves of receipts', kept: 'a day after they are in the ledger', readers: 'control; by it the caller whose receipt it is, as a proof',
    columns: columns('receipt', 'request_id', 'hash', 'at', 'batch', 'index'),
  },
  ledger_witnesses: { what: 'What each witness of the ledger has seen', kept: 'while it is configured and after', readers: 'control', columns: columns('ledger', 'name', 'size') },
  ledger_head: { what: 'Where the ledger ends', kept: 'until the next entry', readers: everyProject, columns: columns('ledger', 'one', 'seq', 'hash') },
  ledger_tiles: {
    what: 'The ledger\'s tree', kept: forEver, readers: 'anyone: it is published',
    columns: { level: { class: 'ledger', protection: 'none' }, index: { class: 'ledger', protection: 'none' }, hashes: { class: 'ledger', protection: 'none' } },
  },
  ledger_checkpoints: {
    what: 'Tree heads, signed', kept: forEver, readers: 'anyone: they are published',
    columns: {
      size: { class: 'ledger', protection: 'none' }, root: { class: 'ledger', protection: 'none' }, note: { class: 'ledger', protection: 'root_key' },
      verifier_key: { class: 'ledger', protection: 'none' }, cosignatures: { class: 'ledger', protection: 'none' }, at: { class: 'ledger', protection: 'none' },
    },
  },
  backups: {
    what: 'Backups that were made: copies that a deletion does not reach', kept: forEver, readers: administrators,
    columns: { ...columns('configuration', 'id', 'kind', 'taken_at', 'objects', 'bytes', 'digest'), ...columns('personal', 'place') },
  },
  kysely_migration: { what: 'Which changes of the schema were made', kept: forEver, readers: 'control', columns: columns('configuration', 'name', 'timestamp') },
  kysely_migration_lock: { what: 'That one process at a time changes the schema', kept: forEver, readers: 'control', columns: columns('configuration', 'id', 'is_locked') },
};
