/** Receipts in memory, for a short time and within a bound: the oldest go first. */

/** `text`: RFC 8785 JSON of the signed receipt. `owner`: id of the credential that it is for; null for one without. */
export interface KeptReceipt { text: Buffer; leaf: string; owner: string | null }

export class KeptReceipts {
  readonly #kept = new Map<string, KeptReceipt & { until: number }>();
  readonly #ms: number;
  readonly #mostBytes: number;
  #bytes = 0;

  constructor(ms: number, mostBytes: number) {
    this.#ms = ms;
    this.#mostBytes = mostBytes;
  }

  keep(id: string, receipt: KeptReceipt): void {
    this.#drop(id);
    const now = Date.now();
    this.#kept.set(id, { ...receipt, until: now + this.#ms });
    this.#bytes += receipt.text.length;
    for (const [oldest, { until }] of this.#kept) {
      if (until > now && this.#bytes <= this.#mostBytes) break;
      this.#drop(oldest);
    }
  }

  find(id: string): KeptReceipt | undefined {
    const found = this.#kept.get(id);
    return found && found.until > Date.now() ? found : undefined;
  }

  #drop(id: string): void {
    this.#bytes -= this.#kept.get(id)?.text.length ?? 0;
    this.#kept.delete(id);
  }
}
