/** The contract's operations as calls. */
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { Operation, ParamsOf, QueryOf, ResponseOf } from '#contract/operation.ts';
import type { z } from 'zod';
import type { Connection } from './connection.ts';
import { CliError, exitCodeOf, exitCodes } from './exit-codes.ts';

type Input<O extends Operation> = { params?: ParamsOf<O>; query?: { [K in keyof QueryOf<O>]?: QueryOf<O>[K] | undefined }; body?: O['request'] extends z.ZodType ? z.input<O['request']> : never };

export class Client {
  readonly connection: Connection;
  readonly #project: string | undefined;
  constructor(connection: Connection, project: string | undefined) {
    this.connection = connection;
    this.#project = project;
  }

  /** @throws CliError with the server's code. */
  async call<O extends Operation>(operation: O, input: Input<O> = {}): Promise<ResponseOf<O>> {
    const path = operation.path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent((input.params as Record<string, string> | undefined)?.[name] ?? ''));
    const query = Object.entries(input.query ?? {}).filter(([, value]) => value !== undefined).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&');
    const answer = await this.send(operation.method, `${path}${query === '' ? '' : `?${query}`}`, input.body);
    const text = await answer.body.text();
    if (answer.statusCode >= 400) throw serverError(answer.statusCode, text);
    // The server has checked the shape; a newer server may say more.
    return JSON.parse(text) as ResponseOf<O>;
  }

  async send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { origin, dispatcher, headers } = this.connection;
    try {
      return await request(origin + path, {
        method, dispatcher, headersTimeout: 0, bodyTimeout: 0, body: body === undefined ? null : JSON.stringify(body), ...(signal ? { signal } : {}),
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(this.#project === undefined ? {} : { 'x-modelkeep-project': this.#project }) },
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      const code = (error as { code?: string }).code ?? '';
      throw new CliError('unreachable', `The server does not answer${code === '' ? '' : ` (${code})`}.`, exitCodes.unreachable, this.connection.local ? 'Start it with: modelkeep up' : 'Check the address: modelkeep login URL');
    }
  }
}

/** What to do next, for the refusals where a command helps. */
const next: Partial<Record<ErrorCode, string>> = {
  model_not_found: 'See what there is: modelkeep models list', deployment_not_found: 'See what there is: modelkeep deployments list', engine_not_found: 'See what there is: modelkeep engines list',
  invalid_api_key: 'Log in again: modelkeep login URL', isolation_unavailable: 'See what is missing: modelkeep doctor',
};

export function serverError(status: number, text: string): CliError {
  try {
    const { error } = JSON.parse(text) as { error: { code: ErrorCode; message: string; param: string | null } };
    const kind = Object.hasOwn(errorCodes, error.code) ? errorCodes[error.code] : undefined;
    return new CliError(error.code, error.param === null ? error.message : `${error.message} (${error.param})`, kind ? exitCodeOf(kind.type) : exitCodes.failed, next[error.code]);
  } catch { return new CliError('unexpected_answer', `The server answered ${status} with something that is not Modelkeep's.`, exitCodes.unreachable); }
}
