import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const statements = [
  `create table projects (id text primary key, name text not null unique, created_at timestamptz not null default now(), created_by text not null)`,
  `create table engines (
     id text primary key, name text not null unique, url text not null, model_name text not null, served_model text, dialect text not null,
     credential_file text, ca_file text, client_certificate_file text, client_key_file text, created_at timestamptz not null default now(), created_by text not null)`,
  `create table deployments (
     id text primary key, name text not null, project_id text not null references projects (id), model_name text not null, model_version text not null,
     model_digest text not null, artifact_digest text, task text not null, engine_id text references engines (id), region text not null, geography text not null,
     isolation_requirement text not null, limits jsonb not null, context_length integer, created_at timestamptz not null default now(), created_by text not null,
     unique (project_id, name))`,
  `create table credentials (
     id text primary key, kind text not null, hash text not null unique check (hash ~ '^[0-9a-f]{64}$'), hint text not null, name text,
     project_id text references projects (id), deployment_id text references deployments (id) on delete cascade, slot text,
     created_at timestamptz not null default now(), created_by text not null, expires_at timestamptz, revoked_at timestamptz,
     unique (deployment_id, slot))`,
  `create unique index credentials_token_name on credentials (project_id, name) where kind = 'project_token' and revoked_at is null`,
  // One row a request, kept for ever: no partitions until an installation needs them (a partitioned table cannot hold the request id unique over time).
  `create table usage_records (
     request_id text primary key, project_id text not null, deployment_id text not null, model_digest text not null, region text not null, operation text not null,
     outcome text not null, at timestamptz not null, prompt_tokens bigint not null, cached_tokens bigint not null, output_tokens bigint not null)`,
  `create index usage_records_project_time on usage_records (project_id, at)`,
  `create table ledger_entries (
     seq bigint primary key, at text not null, kind text not null, object text not null, project_id text, actor_kind text not null, actor_id text not null,
     facts jsonb not null, previous text not null unique, hash text not null unique)`,
  `create table ledger_head (one boolean primary key default true check (one), seq bigint not null, hash text not null)`,
  `insert into ledger_head (seq, hash) values (0, repeat('0', 64))`,
  `create function refuse_ledger_change() returns trigger language plpgsql as $$ begin raise exception 'the ledger is append-only'; end $$`,
  `create trigger ledger_append_only before update or delete or truncate on ledger_entries for each statement execute function refuse_ledger_change()`,
];

export const initial: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
