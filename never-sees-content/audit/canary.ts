/** A canary: a string that stands nowhere else in the world. In small letters and digits, and short enough, so that it also passes for a name. */
import { randomInt } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Twenty characters, 62 bits of them random. */
export function makeCanary(): string {
  return `mkcanary${Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)] ?? '').join('')}`;
}

export const isCanary = (text: string): boolean => /^mkcanary[a-z0-9]{12}$/.test(text);
