/** Signs receipts with this process's own key, which is made at its start, never leaves its memory and is certified in the ledger before the first request. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import type { ReceiptDraft } from './draft.ts';
import { KeptReceipts } from './kept-receipts.ts';
import { statementOf } from './statements.ts';
import type { Ending, Place } from './statements.ts';

export interface Issued { /** RFC 8785 JSON of the signed receipt. */ text: string; leaf: ReceiptLeaf }

/** Most bytes of receipts in memory. */
const mostBytes = 64 << 20;

/** An Ed25519 key pair and the name it goes by in receipts. */
export function newReceiptKey(): { keyId: string; publicKey: Buffer; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { keyId: `rky_${createHash('sha256').update(raw).digest('hex').slice(0, 32)}`, publicKey: raw, privateKey };
}

export class ReceiptIssuer {
  readonly place: Place;
  readonly #key: KeyObject;
  readonly #kept: KeptReceipts;

  /** `keepMs`: how long a receipt can be asked for. */
  constructor(place: Place, privateKey: KeyObject, keepMs: number) {
    this.place = place;
    this.#key = privateKey;
    this.#kept = new KeptReceipts(keepMs, mostBytes);
  }

  issue(draft: ReceiptDraft, ending: Ending): Issued {
    const statement = statementOf(draft, this.place, ending);
    statement.signature = sign(null, Buffer.from(JSON.stringify(statement)), this.#key).toString('hex');
    const text = JSON.stringify(statement);
    const bytes = Buffer.from(text);
    const leaf = createHash('sha256').update('\0').update(bytes).digest('hex');
    this.#kept.keep(draft.requestId, { text: bytes, leaf, owner: draft.principal?.id ?? null });
    return { text, leaf: { requestId: draft.requestId, hash: leaf } };
  }

  find(id: string): ReturnType<KeptReceipts['find']> { return this.#kept.find(id); }
}
