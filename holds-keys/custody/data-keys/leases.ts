/** Who holds released keys at the moment. A lease lives for three seconds unless it is renewed; it ends with the object's keys. */
import { randomBytes } from 'node:crypto';
import { KeyRefused } from '../key-refused.ts';

export interface Lease { project: string; object: string; until: number }
const lifeMs = 3000;

export class Leases {
  readonly #leases = new Map<string, Lease>();

  begin(project: string, object: string): string {
    this.#sweep();
    const lease = randomBytes(16).toString('base64url');
    this.#leases.set(lease, { project, object, until: performance.now() + lifeMs });
    return lease;
  }

  /** @throws KeyRefused key_not_found where it has ended */
  find(lease: string): Lease {
    const found = this.#leases.get(lease);
    if (!found || found.until < performance.now()) throw new KeyRefused('key_not_found');
    return found;
  }

  renew(lease: string): void {
    const found = this.find(lease);
    found.until = performance.now() + lifeMs;
  }

  end(lease: string): void { this.#leases.delete(lease); }

  /** @returns how many there were */
  endOf(object: string): number {
    const theirs = [...this.#leases].filter(([, lease]) => lease.object === object);
    for (const [id] of theirs) this.#leases.delete(id);
    return theirs.length;
  }

  /** Whether anybody holds keys of the project. */
  any(project: string): boolean {
    this.#sweep();
    return [...this.#leases.values()].some((lease) => lease.project === project);
  }

  #sweep(): void { for (const [id, { until }] of this.#leases) if (until < performance.now()) this.#leases.delete(id); }
}
