/** Datastores, sealed objects, files, uploads and deletions under way. Of a file only what describes it is here. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const project = 'project_id text not null references projects (id)';
const created = 'created_at timestamptz not null, created_by text not null';
const statements = [
  `create table datastores (
     id text primary key, ${project}, name text not null, use text not null check (use in ('sealed', 'designated')), geography text not null, place jsonb not null, credential text,
     is_default boolean not null default false, ${created}, unique (project_id, name))`,
  `create unique index datastores_default on datastores (project_id) where is_default`,
  `create table objects (
     id text primary key, ${project}, datastore_id text not null references datastores (id), kind text not null check (kind in ('file', 'part')), state text not null check (state in ('writing', 'stored')),
     sealed_bytes bigint, created_at timestamptz not null)`,
  `create index objects_unfinished on objects (created_at) where state = 'writing'`,
  `create table uploads (
     id text primary key, ${project}, datastore_id text not null references datastores (id), filename text not null, purpose text not null, bytes bigint not null, mime_type text not null,
     state text not null check (state in ('pending', 'completed', 'cancelled', 'expired')), file_id text, ${created}, expires_at timestamptz not null)`,
  `create index uploads_pending on uploads (expires_at) where state = 'pending'`,
  `create table files (
     id text primary key, ${project}, datastore_id text not null references datastores (id), object_id text unique references objects (id), path text, filename text not null, purpose text not null,
     bytes bigint not null default 0, rows integer, state text not null check (state in ('writing', 'ready', 'deleting')), upload_id text references uploads (id), ${created}, expires_at timestamptz,
     check ((object_id is null) <> (path is null)))`,
  `create index files_by_project on files (project_id, created_at)`,
  `create table upload_parts (
     id text primary key, upload_id text not null references uploads (id), object_id text not null unique references objects (id), bytes bigint not null default 0, created_at timestamptz not null)`,
  `create index upload_parts_by_upload on upload_parts (upload_id)`,
  `create table deletions (
     object text primary key, project_id text not null, object_id text, actor_kind text not null, actor_id text not null, started_at timestamptz not null, before jsonb)`,
  `alter table credentials add column works boolean not null default false`,
];

export const datastores: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
