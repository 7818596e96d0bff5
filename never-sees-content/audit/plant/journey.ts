/** Canaries that several requests carry one after the other: stored, then read, deleted, assembled. */
import type { Operation } from '#contract/operation.ts';
import type { Cell } from '../cell.ts';
import { sentTo } from '../matrix/send.ts';
import type { Parts, Sent } from '../matrix/send.ts';
import type { Answer, Door } from './door.ts';
import type { Planting } from './plant.ts';

type About = Partial<Pick<Cell, 'mark' | 'mayBeIn'>>;

/** Whether it ended as it was meant to: where a file was to be stored and was not, nothing is shown by its not being found. */
const isAsMeant = ({ outcome, status }: Cell): boolean => status !== null && (outcome.startsWith('refused') || outcome === 'too_large' ? status >= 400 && status < 500 : status < 300);

export class Journey {
  readonly #cells: Cell[] = [];
  readonly #planting: Planting;
  readonly #door: Door;
  readonly #authorization: Record<string, string>;

  constructor(planting: Planting, door: Door, authorization: Record<string, string>) {
    this.#planting = planting;
    this.#door = door;
    this.#authorization = authorization;
  }

  /** The canary of one cell; of content, unless `about` says otherwise, which may be nowhere. */
  cell({ id: operation }: Operation, field: string, outcome: Cell['outcome'], about: About = {}): { canary: string; cell: Cell } {
    const made = this.#planting.cells.add({ operation, field, mark: 'content', outcome, stream: false, engine: 'none', ...about });
    this.#cells.push(made.cell);
    return made;
  }

  /** What did not end as it was meant to. */
  get missed(): string[] { return this.#cells.filter((cell) => !isAsMeant(cell)).map(({ operation, field, outcome, status }) => `${operation}: ${field}, ${outcome}, ${status ?? 'no answer'}`); }

  /** Sends it, and has what comes back looked through where it must not repeat the canary: headers always, a refusal whole. */
  async send(operation: Operation, parts: Parts, besides: Partial<Sent> = {}): Promise<Answer> {
    const answer = await this.#door.send({ ...sentTo(operation, operation.path, parts), ...besides }, this.#authorization);
    this.#planting.told(`headers of an answer of ${operation.id}`, Buffer.from(answer.headers));
    if (answer.status === null || answer.status >= 300) this.#planting.told(`refusal by ${operation.id}`, answer.body);
    return answer;
  }

  /** As `send`, and the answer's status is that of the cell. */
  async ends(cell: Cell, operation: Operation, parts: Parts, besides?: Partial<Sent>): Promise<Answer> {
    const answer = await this.send(operation, parts, besides);
    cell.status = answer.status;
    return answer;
  }

  /** Stores a file. @returns its id; empty where it was refused */
  async store(createFile: Operation, content: string, purpose = 'user_data', cell?: Cell): Promise<string> {
    const answer = await this.send(createFile, { body: { purpose, file: content } });
    if (cell) cell.status = answer.status;
    return idOf(answer);
  }
}

/** Of what an answer says was made; empty in a refusal. */
export function idOf({ status, body }: Answer): string {
  return status !== null && status < 300 ? (JSON.parse(body.toString()) as { id?: string }).id ?? '' : '';
}
