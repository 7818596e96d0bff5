/** Calls of the installation's own API as its user, in one project. */
import type { Operation, ParamsOf, ResponseOf } from '#contract/operation.ts';
import type { z } from 'zod';
import { AuditError } from '../audit-error.ts';
import { sentTo } from '../matrix/send.ts';
import type { Door } from './door.ts';

/** The only project that an audit makes anything in. It stays: nothing takes a project back. */
export const auditProject = 'modelkeep-audit';

type Input<O extends Operation> = { params?: ParamsOf<O>; body?: O['request'] extends z.ZodType ? z.input<O['request']> : never };

export class Api {
  readonly #door: Door;
  readonly #project: string;
  constructor(door: Door, project = auditProject) {
    this.#door = door;
    this.#project = project;
  }

  /** @throws AuditError api_refused, unless the status is one of `besides`: then undefined is returned */
  async call<O extends Operation>(operation: O, input: Input<O> = {}, besides: number[] = []): Promise<ResponseOf<O> | undefined> {
    const answer = await this.#door.send(sentTo(operation, operation.path, { params: input.params ?? {}, body: input.body }), { 'x-modelkeep-project': this.#project });
    if (answer.status !== null && answer.status < 300) return JSON.parse(answer.body.toString()) as ResponseOf<O>;
    if (answer.status !== null && besides.includes(answer.status)) return undefined;
    throw new AuditError('api_refused', `${operation.id} ${answer.status ?? 'no answer'}`);
  }

  /** @throws AuditError api_refused */
  async ask<O extends Operation>(operation: O, input: Input<O> = {}): Promise<ResponseOf<O>> {
    const answer = await this.call(operation, input);
    if (answer === undefined) throw new AuditError('api_refused', operation.id);
    return answer;
  }
}
