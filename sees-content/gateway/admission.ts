/** Lets requests in: rates as token buckets, concurrency with a bounded queue in order of arrival. */
import type { Limits } from '#contract/http/deployments.ts';
import { GatewayError } from './gateway-error.ts';

/** Refills evenly; allows a minute's worth at once. */
class Bucket {
  readonly perMinute: number;
  #level: number;
  #at = performance.now();
  constructor(perMinute: number) { this.perMinute = perMinute; this.#level = perMinute; }

  #refill(): void {
    const now = performance.now();
    this.#level = Math.min(this.perMinute, this.#level + ((now - this.#at) * this.perMinute) / 60_000);
    this.#at = now;
  }
  get remaining(): number { this.#refill(); return Math.max(0, Math.floor(this.#level)); }
  /** Milliseconds until there is room for one, 0 where there is. */
  wait(): number { this.#refill(); return this.#level >= 1 ? 0 : ((1 - this.#level) * 60_000) / this.perMinute; }
  take(amount: number): void { this.#refill(); this.#level -= amount; }
  /** Milliseconds until it is full. */
  reset(): number { this.#refill(); return ((this.perMinute - this.#level) * 60_000) / this.perMinute; }
}

interface Waiter { enter: () => void; refuse: (error: GatewayError) => void; timer: NodeJS.Timeout }

export class Admission {
  #limits: Limits;
  #active = 0;
  readonly #queue: Waiter[] = [];
  #requests: Bucket | undefined;
  #tokens: Bucket | undefined;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.update(limits);
  }

  update(limits: Limits): void {
    this.#limits = limits;
    if (this.#requests?.perMinute !== (limits.requestsPerMinute || undefined)) this.#requests = limits.requestsPerMinute > 0 ? new Bucket(limits.requestsPerMinute) : undefined;
    if (this.#tokens?.perMinute !== (limits.tokensPerMinute || undefined)) this.#tokens = limits.tokensPerMinute > 0 ? new Bucket(limits.tokensPerMinute) : undefined;
    while (this.#active < limits.concurrency && this.#queue.length > 0) { this.#active++; this.#admitNext(); }
  }

  get active(): number { return this.#active; }
  get waiting(): number { return this.#queue.length; }

  /** Resolves when the request may go on; `leave` must be called once afterwards. @throws GatewayError rate_limit_exceeded, queue_full, queue_timeout */
  async enter(signal: AbortSignal): Promise<void> {
    const wait = Math.max(this.#requests?.wait() ?? 0, this.#tokens?.wait() ?? 0);
    if (wait > 0) throw new GatewayError('rate_limit_exceeded', null, wait);
    const free = this.#active < this.#limits.concurrency;
    if (!free && this.#queue.length >= this.#limits.queue) throw new GatewayError('queue_full', null, 1000);
    this.#requests?.take(1);
    if (free) this.#active++; else await this.#waitInLine(signal);
  }

  async #waitInLine(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new GatewayError('client_too_slow');
    let left: () => void = () => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = { enter: resolve, refuse: reject, timer: setTimeout(() => out(new GatewayError('queue_timeout', null, 2000)), this.#limits.queueTimeoutMs) };
        const out = (error: GatewayError): void => {
          const at = this.#queue.indexOf(waiter);
          if (at >= 0) { this.#queue.splice(at, 1); reject(error); }
        };
        left = () => { clearTimeout(waiter.timer); out(new GatewayError('client_too_slow')); };
        signal.addEventListener('abort', left, { once: true });
        this.#queue.push(waiter);
      });
    } finally { signal.removeEventListener('abort', left); }
  }

  leave(tokens: number): void {
    this.#tokens?.take(tokens);
    // Beyond a limit that was lowered meanwhile, the place is given up rather than passed on.
    if (this.#queue.length > 0 && this.#active <= this.#limits.concurrency) this.#admitNext(); else this.#active--;
  }

  #admitNext(): void {
    const next = this.#queue.shift();
    if (!next) return;
    clearTimeout(next.timer);
    next.enter();
  }

  /** x-ratelimit-* of what is limited. */
  headers(): Record<string, string> {
    const headers: Record<string, string> = {};
    for (const [name, bucket] of [['requests', this.#requests], ['tokens', this.#tokens]] as const) {
      if (!bucket) continue;
      headers[`x-ratelimit-limit-${name}`] = String(bucket.perMinute);
      headers[`x-ratelimit-remaining-${name}`] = String(bucket.remaining);
      headers[`x-ratelimit-reset-${name}`] = `${Math.ceil(bucket.reset())}ms`;
    }
    return headers;
  }
}
