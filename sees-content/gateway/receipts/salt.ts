/** The salts of a request's commitments: from the caller's own key where there is one, so that its holder can derive them again and nobody has to keep them. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { saltLabel } from '#contract/receipt.ts';
import type { Committed } from '#contract/receipt.ts';

/** 32 bytes. `told`: the caller cannot derive it and must be told. */
export interface Salt { value: Buffer; told: boolean }

export function saltOf(key: string | undefined, requestId: string): Salt {
  if (key === undefined) return { value: randomBytes(32), told: true };
  return { value: createHmac('sha256', key).update(`${saltLabel}\n${requestId}`).digest(), told: false };
}

/** A commitment that is still open: bytes are added until it is digested. */
export function commitmentTo(type: Committed, { value }: Salt): Hash {
  return createHash('sha256').update(value).update(`${type}\n`);
}
export const spelled = (hash: Hash): string => `sha256:${hash.digest('hex')}`;
