/** Opaque identifiers: a prefix that names the kind and 130 random bits in Crockford base 32. */
import { randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

export function identifier(prefix: 'dep' | 'prj' | 'key' | 'tok' | 'eng' | 'pul' | 'usr' | 'ses' | 'rcb' | 'prc' | 'ord' | 'dst' | 'obj' | 'fil' | 'upl' | 'prt' | 'bak' | 'rst'): string {
  return `${prefix}_${Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')}`;
}
