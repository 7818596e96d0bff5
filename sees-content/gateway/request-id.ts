/** A request's opaque id: `req_` and 26 characters of Crockford base 32. */
import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pool = Buffer.alloc(26 * 256);
let used = pool.length;

export function newRequestId(): string {
  if (used >= pool.length) { randomFillSync(pool); used = 0; }
  let id = 'req_';
  for (let i = 0; i < 26; i++) id += alphabet[(pool[used + i] ?? 0) & 31] ?? '0';
  used += 26;
  return id;
}
