/** Why custody does not act on a key: a code of the contract, and nothing of the key. */
import type { KeyRefusal } from '#contract/internal/custody.ts';

export class KeyRefused extends Error {
  readonly code: KeyRefusal;
  constructor(code: KeyRefusal) { super(code); this.name = 'KeyRefused'; this.code = code; }
}
