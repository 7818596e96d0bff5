/** A request as it is planted, before anybody has sent it. */
import { randomBytes } from 'node:crypto';
import type { Operation } from '#contract/operation.ts';
import { fileField, formOf, formType, partsOf } from './form.ts';

export interface Sent {
  method: string; path: string; headers: Record<string, string>; body: string | undefined;
  /** `credential`: what a caller of this operation has; `none`; or the text itself. */
  credential: 'own' | 'none' | { text: string };
  /** The caller leaves at the first byte of the answer. */
  abort?: boolean;
  /** The connection ends in the middle of the body. `declared`: bytes that the body was said to have, where not a few more than were sent. */
  cut?: boolean; declared?: number;
}
export interface Parts { params?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown; headers?: Record<string, string> }

const spelled = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value));

/** The name of something that is not there: what is asked for by it can neither be taken away nor changed. */
export const absent = `audit-absent-${randomBytes(8).toString('hex')}`;

/** Fills the pattern of a path. A name that nobody gave stands for something that does not exist. */
function pathOf(pattern: string, params: Record<string, unknown>): string {
  return pattern.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(spelled(params[name] ?? absent)));
}

const written = (operation: Operation, body: unknown): string => (fileField(operation) === undefined ? JSON.stringify(body) : formOf(partsOf(operation, body as object)));

export function sentTo(operation: Operation, pattern: string, { params = {}, query = {}, body, headers = {} }: Parts): Sent {
  const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, spelled(value)])).toString();
  return {
    method: operation.method, path: `${pathOf(pattern, params)}${search === '' ? '' : `?${search}`}`, credential: 'own',
    headers: { ...(body === undefined ? {} : { 'content-type': fileField(operation) === undefined ? 'application/json' : formType }), ...headers }, body: body === undefined ? undefined : written(operation, body),
  };
}
