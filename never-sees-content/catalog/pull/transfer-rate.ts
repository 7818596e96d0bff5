/** How fast bytes come: over the last seconds, so that it follows a network that changes, and is null until there is something to measure. */
const windowMs = 6000;

export class TransferRate {
  #samples: { at: number; bytes: number }[] = [];

  /** `bytes`: received so far, in all. */
  add(bytes: number, at = performance.now()): void {
    const last = this.#samples.at(-1);
    if (last && at - last.at < 100) return;
    this.#samples = [...this.#samples.filter((sample) => at - sample.at < windowMs), { at, bytes }];
  }

  /** Where nothing comes any more, it falls: the time since the last byte counts too. */
  perSecond(now = performance.now()): number | null {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || !last || now - first.at < 500) return null;
    return Math.round(((last.bytes - first.bytes) / (now - first.at)) * 1000);
  }
}
