/** One shape for every operation: principal, authorise, parse, handle, answer. */
import type { z } from 'zod';
import { mayCall } from '#contract/access.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { Principal } from '#contract/internal/principal.ts';
import type { Operation } from '#contract/operation.ts';
import type { Actor } from '../ledger/entry.ts';
import type { Call, ControlContext, Handler } from './handler.ts';
import { Refusal } from './refusal.ts';
import { routes } from './routes.ts';

export interface Incoming { operation: Operation; params: Record<string, string>; query: URLSearchParams; principal: string | undefined; body: Buffer }

/** @throws Refusal, or anything else that leaves as internal_error. */
export async function perform(incoming: Incoming, context: ControlContext): Promise<unknown> {
  const { operation } = incoming;
  const principal = readPrincipal(incoming.principal);
  authorise(operation, principal);
  const params = parse(operation.params, incoming.params, 'not_found');
  const query = parse(operation.query, Object.fromEntries(incoming.query), 'invalid_request');
  const body = parse(operation.request, readJson(incoming.body, operation), 'invalid_request');
  const project = await resolveProject(principal, context);
  const handler = routes[operation.id as keyof typeof routes] as unknown as Handler<Operation>;
  const call = { principal, actor: actorOf(principal), project, params: params ?? {}, query: query ?? {}, body } as unknown as Call<Operation>;
  // What leaves is what the contract says and no more: a field that it does not know is cut off, a wrong one is internal_error.
  return operation.response.parse(await handler(call, context));
}

function readPrincipal(header: string | undefined): Principal {
  try { return Principal.parse(JSON.parse(header ?? '')); } catch { throw new Refusal('missing_api_key'); }
}

/** Asked again, after the gateway: control trusts its word about who is asking, and not about what they may do. */
function authorise(operation: Operation, principal: Principal): void {
  if (!mayCall(principal, operation.access)) throw new Refusal('permission_denied');
}

function actorOf(principal: Principal): Actor {
  if (principal.kind === 'endpoint_key') throw new Refusal('permission_denied');
  return { kind: principal.kind, id: principal.id };
}

function readJson(body: Buffer, operation: Operation): unknown {
  if (!operation.request || body.length === 0) return operation.request ? {} : undefined;
  try { return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown; } catch { throw new Refusal('invalid_json'); }
}

export function parse(schema: z.ZodType | undefined, value: unknown, otherwise: ErrorCode): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw new Refusal('unknown_parameter', [...issue.path, issue.keys[0]].join('.').slice(0, 100));
  throw new Refusal(otherwise, issue ? issue.path.join('.').slice(0, 100) || null : null);
}

async function resolveProject(principal: Principal, { storage }: ControlContext): Promise<{ id: string; name: string }> {
  const { projectId } = principal;
  const row = await storage.read((db) => db.selectFrom('projects').select(['id', 'name']).where('deleting', '=', false).$if(projectId !== null, (select) => select.where('id', '=', projectId ?? ''))
    .$if(projectId === null, (select) => select.where('name', '=', 'default')).executeTakeFirst());
  if (!row) throw new Refusal('project_not_found');
  return row;
}
