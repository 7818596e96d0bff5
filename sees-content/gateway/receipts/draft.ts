/** What is noted of a request while it is served, for its receipt. It keeps no bytes of an answer: they are hashed as they pass. */
import { hash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import type { UnsignedReceipt } from '#contract/receipt.ts';
import { commitmentTo, spelled } from './salt.ts';
import type { Salt } from './salt.ts';

type Event = UnsignedReceipt['event_log'][number];

export class ReceiptDraft {
  readonly requestId: string;
  readonly method: string;
  readonly salt: Salt;
  /** Pattern of the path. */
  endpoint: string | null = null;
  principal: Principal | undefined;
  route: Route | undefined;
  profile: IsolationProfile | null = null;
  retention: UnsignedReceipt['retention'] = 'none';
  /** Whether the engine was given the request. */
  #forwarded: Event | undefined;
  #received: Buffer | undefined;
  #returned: Hash | undefined;
  #bytes = 0;

  constructor(requestId: string, method: string, salt: Salt) {
    this.requestId = requestId;
    this.method = method;
    this.salt = salt;
  }

  received(body: Buffer): void { this.#received = body; }
  forwarded(body: string): void {
    this.#forwarded = { bytes: Buffer.byteLength(body), commitment: spelled(commitmentTo('request.forwarded', this.salt).update(body)), type: 'request.forwarded' };
  }
  get wasForwarded(): boolean { return this.#forwarded !== undefined; }

  /** Bytes that go to the caller now. */
  returned(bytes: Buffer | string): void {
    (this.#returned ??= commitmentTo('response.returned', this.salt)).update(bytes);
    this.#bytes += Buffer.byteLength(bytes);
  }

  /** The events so far. `last`: bytes that will be the answer's end once this receipt is signed. */
  events(last: Buffer | string = ''): Event[] {
    const received = this.#received;
    const returned = (this.#returned?.copy() ?? commitmentTo('response.returned', this.salt)).update(last);
    return [
      { bytes: received?.length ?? 0, commitment: received ? spelled(commitmentTo('request.received', this.salt).update(received)) : null, type: 'request.received' },
      ...(this.#forwarded ? [this.#forwarded] : []),
      { bytes: this.#bytes + Buffer.byteLength(last), commitment: spelled(returned), type: 'response.returned' },
    ];
  }

  get saltDigest(): string { return `sha256:${hash('sha256', this.salt.value)}`; }
}
