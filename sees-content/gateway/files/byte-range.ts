/** One range of RFC 9110, section 14. Several at once, other units and what cannot be read are answered with the whole, as it allows. */
import { GatewayError } from '../gateway-error.ts';

export class RangeNotSatisfiable extends GatewayError {
  /** Of the whole file, which the answer names. */
  readonly fileBytes: number;
  constructor(fileBytes: number) { super('range_not_satisfiable', 'range'); this.fileBytes = fileBytes; }
}

export interface ByteRange { start: number; /** Not included. */ end: number }

/** @returns undefined for the whole. @throws RangeNotSatisfiable */
export function byteRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return undefined;
  if (start >= end) throw new RangeNotSatisfiable(size);
  return { start, end };
}
