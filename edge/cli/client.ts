/** The contract's operations as calls. */
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { Operation, ParamsOf, QueryOf, ResponseOf } from '#contract/operation.ts';
import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { CliError, exitCodeOf, exitCodes } from './exit-codes.ts';
import type { ExitCode, RowProblem } from './exit-codes.ts';

export type Input<O extends Operation> = {
  params?: ParamsOf<O>;
  query?: { [K in keyof QueryOf<O>]?: QueryOf<O>[K] | undefined };
  body?: O['request'] extends z.ZodType ? z.input<O['request']> : never;
};

/** A body of multipart/form-data, sent while it is read. */
export interface Form { headers: Record<string, string>; body: Readable }

/** Longest wait for the answer to a management operation, in milliseconds. */
const patience = 60_000;
/** The same for an operation that works through a whole file before it answers. */
export const patienceForFiles = 30 * 60_000;

/** System codes of a TLS connection whose other end did not prove who it is. */
const untrusted = /CERT|UNABLE_TO_|SIGNATURE|ALTNAME/;

export class Client {
  readonly connection: Connection;
  readonly #project: string | undefined;
  constructor(connection: Connection, project: string | undefined) {
    this.connection = connection;
    this.#project = project;
  }

  /** Where the server is, as one word that tells servers apart. */
  get server(): string { return this.connection.server; }
  get project(): string | undefined { return this.#project; }

  /** `wait`: milliseconds. @throws CliError with the server's code; `usage` where a name in the path cannot be one; `timed_out` after the wait. */
  async call<O extends Operation>(operation: O, input: Input<O> = {}, headers: Record<string, string> = {}, wait = patience): Promise<ResponseOf<O>> {
    const signal = AbortSignal.timeout(wait);
    try {
      return await documentOf<O>(await this.send(operation.method, pathOf(operation, input), input.body, signal, headers));
    } catch (error) {
      if (error instanceof CliError) throw error;
      if (signal.aborted) throw new CliError('timed_out', `The server did not answer within ${wait === patience ? 'a minute' : 'half an hour'}.`, exitCodes.timedOut);
      throw this.#unreachable(error);
    }
  }

  /** Sends a form while it is read. An answer that comes before its end ends the sending. @throws CliError; the abort's own reason */
  async sendForm<O extends Operation>(operation: O, params: Input<O>['params'], { headers, body }: Form, signal: AbortSignal): Promise<ResponseOf<O>> {
    const input: Input<O> = params === undefined ? {} : { params };
    try { return await documentOf<O>(await this.#request(operation.method, pathOf(operation, input), body, headers, signal)); } catch (error) {
      signal.throwIfAborted();
      throw error instanceof CliError ? error : this.#unreachable(error);
    } finally { body.destroy(); }
  }

  /** Opens what the operation gives as a stream; its status is below 400. @throws CliError; the abort's own reason */
  async open<O extends Operation>(operation: O, input: Input<O>, headers: Record<string, string>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const answer = await this.send(operation.method, pathOf(operation, input), undefined, signal, headers);
    if (answer.statusCode >= 400) throw serverError(answer.statusCode, await answer.body.text());
    return answer;
  }

  /** Calls again while the server restarts, for half a minute at most: what a long wait needs to outlive a restart. */
  async callPatiently<O extends Operation>(operation: O, input: Input<O> = {}): Promise<ResponseOf<O>> {
    for (const deadline = Date.now() + 30_000; ;) {
      try { return await this.call(operation, input); } catch (error) {
        if (!(error instanceof CliError) || error.exitCode !== exitCodes.unreachable || Date.now() > deadline || !this.connection.mayReturn()) throw error;
        await sleep(500);
      }
    }
  }

  /** Sends a request and gives its answer as it comes, whatever its status. @throws CliError unreachable; the abort's own error */
  async send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal, more: Record<string, string> = {}): Promise<Dispatcher.ResponseData> {
    try {
      return await this.#request(method, path, body === undefined ? null : JSON.stringify(body), { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more }, signal);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw this.#unreachable(error);
    }
  }

  async #request(method: Operation['method'], path: string, body: string | Readable | null, more: Record<string, string>, signal?: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, dispatcher, headers } = this.connection;
    const project = this.#project === undefined ? {} : { 'x-modelkeep-project': this.#project };
    return await request(origin + path, { method, dispatcher, headersTimeout: 0, bodyTimeout: 0, body, ...(signal ? { signal } : {}), headers: { ...headers, ...project, ...more } });
  }

  #unreachable(error: unknown): CliError {
    const code = (error as { code?: string }).code ?? '';
    if (untrusted.test(code)) return new CliError('untrusted', `The server's certificate is not trusted (${code}).`, exitCodes.unreachable, 'Name its authority: modelkeep login URL --ca FILE     (ca.pem in its data folder)');
    return new CliError('unreachable', `The server does not answer${code === '' ? '' : ` (${code})`}.`, exitCodes.unreachable, this.connection.local ? 'Start it with: modelkeep up' : 'Check the address: modelkeep login URL');
  }
}

/** Path and query of a call. A name that the contract does not allow is refused here: it could name another path. */
function pathOf<O extends Operation>(operation: O, input: Input<O>): string {
  const params = operation.params?.safeParse(input.params ?? {});
  if (params?.success === false) {
    const [issue] = params.error.issues;
    throw new CliError('usage', `${String(issue?.path[0] ?? 'name')}: ${issue?.message ?? 'not valid'}.`, exitCodes.usage);
  }
  const values = (params?.data ?? {}) as Record<string, string>;
  if (Object.values(values).some((value) => value === '' || value === '.' || value === '..')) throw new CliError('usage', 'That cannot be a name.', exitCodes.usage);
  const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(values[name] ?? ''));
  const query = Object.entries(input.query ?? {}).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** What to do next, for the refusals where a command helps. */
const next: Partial<Record<ErrorCode, string>> = {
  model_not_found: 'See what there is: modelkeep models list', deployment_not_found: 'See what there is: modelkeep deployments list', engine_not_found: 'See what there is: modelkeep engines list',
  token_not_found: 'See what there is: modelkeep tokens list', project_not_found: 'See what there is: modelkeep projects list', model_not_deployable: 'Register a server that runs it: modelkeep engines add --help',
  file_not_found: 'See what there is: modelkeep data list', datastore_not_found: 'See what there is: modelkeep datastores list', customer_key_denied: 'See its state: modelkeep encryption show',
  missing_api_key: 'Log in: modelkeep login URL', invalid_api_key: 'Log in again: modelkeep login URL', isolation_unavailable: 'See what is missing: modelkeep doctor',
};

const foreignAnswer = (status: number): CliError => new ServerError('unexpected_answer', `The server answered ${status} with something that is not Modelkeep's.`, exitCodes.unreachable, undefined, status);

async function documentOf<O extends Operation>(answer: Dispatcher.ResponseData): Promise<ResponseOf<O>> {
  const text = await answer.body.text();
  if (answer.statusCode >= 400) throw serverError(answer.statusCode, text);
  // The server has checked the shape; a newer server may say more.
  try { return JSON.parse(text) as ResponseOf<O>; } catch { throw foreignAnswer(answer.statusCode); }
}

/** A refusal that a server has told. */
export class ServerError extends CliError {
  readonly status: number;
  constructor(code: string, message: string, exitCode: ExitCode, next: string | undefined, status: number, details?: CliError['details']) {
    super(code, message, exitCode, next, details);
    this.status = status;
  }

  /** Whether the same request may succeed in a while. A status decides where it is not Modelkeep that speaks, but what stands before it. */
  get passes(): boolean { return Object.hasOwn(errorCodes, this.code) ? errorCodes[this.code as ErrorCode].retry : [408, 429, 502, 503, 504].includes(this.status); }
}

/** Whether to try again makes sense: the server said so, or did not answer at all. */
export const passes = (error: unknown): boolean => (error instanceof ServerError ? error.passes : error instanceof CliError && error.code === 'unreachable');

interface Envelope { error: { code: string; message: string; param: string | null; rows?: RowProblem[]; more?: boolean } }

/** The error that a body of the contract's envelope tells. */
export function serverError(status: number, text: string): CliError {
  try {
    const { error } = JSON.parse(text) as Envelope;
    const known = Object.hasOwn(errorCodes, error.code);
    // A name from the path is what the message already speaks of.
    const param = error.param === null || status === 404 ? '' : ` (${error.param})`;
    const details = Array.isArray(error.rows) ? { rows: error.rows, more: error.more === true } : undefined;
    return new ServerError(error.code, `${error.message}${param}`, exitCodeOf(error.code), known ? next[error.code as ErrorCode] : undefined, status, details);
  } catch { return foreignAnswer(status); }
}
