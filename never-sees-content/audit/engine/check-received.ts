/** What reached the audit's own engine against what docs/engines.md promises: the fields that a model needs, and nothing about who asked. */
import { fieldsOf } from '#contract/marks.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Search } from '../search/search.ts';
import type { Received } from './server.ts';

/** Fields that are of this installation's own business, though they are public. */
const kept = new Set(['store', 'service_tier']);
const allowedHeaders = new Set(['host', 'connection', 'content-type', 'content-length', 'transfer-encoding', 'accept']);

/** Names of fields at the top of a request that may be sent on, by path as the engine sees it. */
function allowedFields(path: string): Set<string> {
  const operation = (Object.values(operations) as Operation[]).find((each) => each.request && each.path === path);
  if (!operation?.request) return new Set();
  return new Set(fieldsOf(operation.request).filter(({ mark }) => mark === 'content' || mark === 'public').map(({ path: field }) => field.split(/[.[{]/)[0] ?? '').filter((name) => !kept.has(name)));
}

export interface Surplus { path: string; what: 'field' | 'header'; name: string }

/** Searches every byte that was received, and lists the fields and headers that should not have come. Names only. */
export function checkReceived(received: Received[], search: Search): Surplus[] {
  const surplus = new Map<string, Surplus>();
  for (const { path, headers, body } of received) {
    search.inText(`request to ${path}`, `${path}\n${JSON.stringify(headers)}\n${body}`);
    const fields = body === '' ? [] : Object.keys(JSON.parse(body) as object).filter((name) => !allowedFields(path).has(name));
    const foreign = Object.keys(headers).filter((name) => !allowedHeaders.has(name));
    for (const each of [...fields.map((name) => ({ path, what: 'field' as const, name })), ...foreign.map((name) => ({ path, what: 'header' as const, name }))]) surplus.set(JSON.stringify(each), each);
  }
  return [...surplus.values()];
}
