/** The shape of an HTTP operation. Everything else (validation, types, OpenAPI, redaction, the data map) is derived from these. */
import type { z } from 'zod';
import { fieldsOf } from './marks.ts';
import type { Access } from './access.ts';
import type { ErrorCode } from './error-codes.ts';

export type { Access } from './access.ts';

/** Which process answers. An operation with a `content` field must be `gateway`; a test holds this. */
export type ServedBy = 'gateway' | 'control';

export interface Operation {
  id: string;
  summary: string;
  tag: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Path with `{name}` parameters. */
  path: string;
  /** Further paths of the same operation, for the SDKs that use them. */
  aliases?: readonly string[];
  access: Access;
  servedBy: ServedBy;
  params?: z.ZodObject;
  query?: z.ZodObject;
  request?: z.ZodType;
  /** Media type of the request; JSON unless given. */
  requestMedia?: 'multipart/form-data';
  response: z.ZodType;
  /** Media type of success; JSON unless given. */
  media?: string;
  /** Status of success; 200 unless given. */
  status?: 200 | 201 | 204;
  /** The event of a server-sent stream, where the operation can stream. */
  event?: z.ZodType;
  errors: readonly ErrorCode[];
}

/** Declares an operation, keeping the exact types of its schemas. */
export function operation<const O extends Operation>(definition: O): O {
  return definition;
}

/** True where any field of the operation is marked `content`. */
export function carriesContent(op: Operation): boolean {
  return [op.params, op.query, op.request, op.response, op.event]
    .some((schema) => schema !== undefined && fieldsOf(schema).some((field) => field.mark === 'content'));
}

export type RequestOf<O extends Operation> = O['request'] extends z.ZodType ? z.output<O['request']> : undefined;
export type ResponseOf<O extends Operation> = z.output<O['response']>;
export type QueryOf<O extends Operation> = O['query'] extends z.ZodType ? z.output<O['query']> : Record<string, never>;
export type ParamsOf<O extends Operation> = O['params'] extends z.ZodType ? z.output<O['params']> : Record<string, never>;
