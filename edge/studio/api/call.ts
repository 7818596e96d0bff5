/** The contract's operations as calls from the page: same origin, with the session's cookie. */
import type { z } from 'zod';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { RowProblem } from '#contract/http/file-rows.ts';
import type { Operation, ParamsOf, QueryOf, ResponseOf } from '#contract/operation.ts';
import type { OperationId, Operations } from '#contract/operations.ts';
import paths from 'virtual:operations';
import { sessionHeaders } from './session-headers.ts';

export interface Input<O extends Operation> {
  params?: ParamsOf<O>;
  query?: { [K in keyof QueryOf<O>]?: QueryOf<O>[K] | undefined };
  body?: O['request'] extends z.ZodType ? z.input<O['request']> : never;
  signal?: AbortSignal;
  /** The body as its very text, in place of `body`: what a receipt is checked against. */
  text?: string;
}
export type InputOf<I extends OperationId> = Input<Operations[I]>;
export type AnswerOf<I extends OperationId> = ResponseOf<Operations[I]>;

/** A refusal as the contract tells it. `unreachable`: no answer came. */
export class ApiError extends Error {
  readonly code: ErrorCode | 'unreachable';
  readonly status: number;
  readonly requestId: string | undefined;
  readonly param: string | null;
  /** Of `file_rows_invalid`: the first of them, and whether there are more. */
  rows: readonly RowProblem[] = [];
  moreRows = false;
  constructor(code: ApiError['code'], message: string, status: number, requestId?: string, param: string | null = null) {
    super(message);
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.param = param;
  }
}

/** Where an operation is, with its parameters and query filled in. */
export function addressOf<I extends OperationId>(id: I, { params, query }: Pick<InputOf<I>, 'params' | 'query'> = {}): string {
  const [, template] = paths[id] ?? ['GET', '/'];
  const values = (params ?? {}) as Record<string, string>;
  const path = template.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams(Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? path : `${path}?${search}`;
}

/** Sends an operation and gives its answer as it comes, whatever its status. @throws ApiError unreachable; the abort's own error */
export async function send<I extends OperationId>(id: I, input: InputOf<I> = {}, headers: Record<string, string> = {}): Promise<Response> {
  const [method] = paths[id] ?? ['GET'];
  const { body, signal, text = body === undefined ? undefined : JSON.stringify(body) } = input;
  try {
    return await fetch(addressOf(id, input), {
      method, credentials: 'same-origin', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', ...(signal ? { signal } : {}),
      ...(text === undefined ? {} : { body: text }),
      headers: { ...sessionHeaders(method), ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', 'Modelkeep does not answer. It may be restarting; this page goes on by itself when it is back.', 0);
  }
}

/** @throws ApiError */
export async function call<I extends OperationId>(id: I, input: InputOf<I> = {}, headers: Record<string, string> = {}): Promise<AnswerOf<I>> {
  const answer = await send(id, input, headers);
  if (!answer.ok) throw await refusalOf(answer);
  return await answer.json() as AnswerOf<I>;
}

/** The error that an answer tells. */
export async function refusalOf(answer: Response): Promise<ApiError> {
  const requestId = answer.headers.get('x-request-id') ?? undefined;
  try {
    const { error } = await answer.json() as { error: { code: ErrorCode; message: string; param: string | null; rows?: RowProblem[]; more?: boolean } };
    return Object.assign(new ApiError(error.code, error.message, answer.status, requestId, error.param), error.rows === undefined ? {} : { rows: error.rows, moreRows: error.more === true });
  } catch { return new ApiError('internal_error', `The server answered ${answer.status} with something that is not Modelkeep's.`, answer.status, requestId); }
}

/** A part of the published ledger, `tile/0/000` for instance, as the server has it now: never one that was kept. Undefined where it is not there. @throws ApiError unreachable; the abort's own error */
export async function readPublished(path: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  try {
    const answer = await fetch(`/ledger/${path}`, { credentials: 'omit', cache: 'no-store', redirect: 'error', referrerPolicy: 'no-referrer', ...(signal ? { signal } : {}) });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', 'Modelkeep does not answer. It may be restarting; try again in a moment.', 0);
  }
}
