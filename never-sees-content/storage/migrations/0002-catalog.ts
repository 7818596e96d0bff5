import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table model_versions (
     digest text primary key, name text not null, version text not null, manifest jsonb not null, artifact_digest text, artifact_size bigint, pinned text,
     imported_at timestamptz not null default now(), imported_by text not null, position bigint generated always as identity, unique (name, version))`,
  `create table pulls (
     id text primary key, model_digest text not null references model_versions (digest), state text not null, received_bytes bigint not null default 0,
     total_bytes bigint, failure text, started_at timestamptz not null default now(), finished_at timestamptz, actor_kind text not null, actor_id text not null)`,
  `create index pulls_model on pulls (model_digest, started_at desc)`,
  `create table pins (model_digest text not null references model_versions (digest), role text not null, sha256 text not null, primary key (model_digest, role))`,
];

export const catalog: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
