/**
 * Memory for the keys that live long: the root key, what is derived from it, opened platform keys, the customers' keys of the last minute. It is kept out of the swap where the machine
 * lets so little be locked. Not `mlockall`: V8 gives pages back by `madvise`, which the kernel refuses for locked ones, and V8 then aborts the process.
 */
import koffi from 'koffi';

const slot = 32;
/** 48 KiB: below the 64 KiB that old limits allow, and more than there are keys in the minute's memory. */
const slots = 1536;

export class KeyMemory {
  readonly #region = Buffer.alloc(slot * slots);
  readonly #free = Array.from({ length: slots }, (_, i) => i * slot);
  readonly #used = new Map<Buffer, number>();
  /** Whether the system keeps it from being swapped. */
  readonly locked = lock(this.#region);

  /** The key, moved here; where it came from is wiped. One that has no room stays in ordinary memory. */
  keep(key: Buffer): Buffer {
    const at = key.length === slot ? this.#free.shift() : undefined;
    if (at === undefined) return key;
    const kept = this.#region.subarray(at, at + slot);
    key.copy(kept);
    key.fill(0);
    this.#used.set(kept, at);
    return kept;
  }

  /** Its place may be another key's afterwards: nobody uses it any more. */
  wipe(key: Buffer): void {
    key.fill(0);
    const at = this.#used.get(key);
    if (at === undefined) return;
    this.#used.delete(key);
    this.#free.push(at);
  }
}

function lock(region: Buffer): boolean {
  try { return Number(koffi.load(null).func('int mlock(void *address, size_t length)')(region, region.length)) === 0; } catch { return false; }
}

export const keyMemory = new KeyMemory();
