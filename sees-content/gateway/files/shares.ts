/** How many transfers of one project are under way at once. Its further ones wait for these, and nobody else's do: whoever sends slowly keeps only themselves from sending. */
interface Share { free: number; waiting: (() => void)[] }

export class Shares {
  readonly #most: number;
  readonly #shares = new Map<string, Share>();

  constructor(most: number) { this.#most = most; }

  /** @returns what gives it back, once */
  async take(project: string): Promise<() => void> {
    const share = this.#shares.get(project) ?? { free: this.#most, waiting: [] };
    this.#shares.set(project, share);
    if (share.free > 0) share.free--; else await new Promise<void>((resolve) => { share.waiting.push(resolve); });
    let given = false;
    return () => { if (!given) { given = true; this.#giveBack(project, share); } };
  }

  #giveBack(project: string, share: Share): void {
    const next = share.waiting.shift();
    if (next) { next(); return; }
    if (++share.free === this.#most) this.#shares.delete(project);
  }
}
