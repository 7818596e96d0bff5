/** Which files go as a whole, and where the parts of the others begin and end. Bytes. */

/** What one request may carry at most, by the contract. */
export const wholeUpTo = 64 * 2 ** 20;
/** A broken connection costs as much as one of these. */
export const partBytes = 16 * 2 ** 20;
export const mostBytes = 5 * 2 ** 30;

export interface Part { from: number; to: number }

/** Of a file that does not go as a whole: every byte in one part, in order. */
export function partsOf(size: number): Part[] {
  return Array.from({ length: Math.ceil(size / partBytes) }, (_each, i) => ({ from: i * partBytes, to: Math.min(size, (i + 1) * partBytes) }));
}
