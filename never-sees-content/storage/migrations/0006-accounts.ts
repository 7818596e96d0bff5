/** People, their roles and sessions, and the links by which they sign in. Credentials stand here as hashes only. */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const hash = `hash text not null unique check (hash ~ '^[0-9a-f]{64}$')`;
const account = 'account_id text not null references accounts (id) on delete cascade';
const statements = [
  `create table accounts (id text primary key, name text not null unique, password text check (password like '$argon2id$%'), created_at timestamptz not null, created_by text not null)`,
  `create table account_roles (${account}, project_id text references projects (id), role text not null check (role in ('reader', 'member', 'administrator')),
     unique nulls not distinct (account_id, project_id))`,
  `create index account_roles_by_project on account_roles (project_id)`,
  `create table sessions (id text primary key, ${hash}, ${account}, created_at timestamptz not null, expires_at timestamptz not null, method text not null, browser text not null, system text not null)`,
  `create index sessions_by_account on sessions (account_id)`,
  `create table session_uses (session_id text primary key references sessions (id) on delete cascade, last_seen timestamptz not null)`,
  `create table sign_in_links (${hash}, ${account}, created_at timestamptz not null, created_by text not null, expires_at timestamptz not null)`,
];

export const accounts: Migration = { up: async (db) => { for (const statement of statements) await sql.raw(statement).execute(db); } };
