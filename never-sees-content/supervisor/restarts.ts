/** Starts again what died, with pauses that grow while it keeps dying. */
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to a watched process after its first start. */
export interface Report {
  died(code: number | null, signal: string | null, stderrLines: number): void;
  failed(code: string): void;
  back(): void;
}

const pausesMs = [0, 200, 500, 1000, 2000, 5000] as const;
/** After this time (milliseconds) without dying, the next death is a first one. */
const steadyMs = 10_000;

export class Restarts {
  count = 0;
  #streak = 0;
  #readyAt = performance.now();

  /** Tries until `start` succeeds or `stopping` says so; the same failure is reported once. */
  async again(start: () => Promise<unknown>, stopping: () => boolean, report: Report): Promise<void> {
    if (performance.now() - this.#readyAt > steadyMs) this.#streak = 0;
    let told: string | undefined;
    for (;;) {
      await sleep(pausesMs[Math.min(this.#streak++, pausesMs.length - 1)]);
      if (stopping()) return;
      this.count++;
      try { await start(); break; } catch (error) {
        const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unexpected';
        if (code !== told && !stopping()) report.failed(code);
        told = code;
      }
    }
    this.#readyAt = performance.now();
    report.back();
  }
}
