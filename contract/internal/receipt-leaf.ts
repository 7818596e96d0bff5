/** What the gateway tells control of its receipts: ids, digests and keys only. */
import { z } from 'zod';
import { RequestId } from '../names.ts';
import { Purpose } from './custody.ts';

/** `hash`: RFC 6962 leaf hash of the signed receipt's bytes, hexadecimal. */
export const ReceiptLeaf = z.strictObject({ requestId: RequestId, hash: z.string().regex(/^[0-9a-f]{64}$/) });
export type ReceiptLeaf = z.output<typeof ReceiptLeaf>;

export const ReceiptKeyId = z.string().regex(/^rky_[0-9a-f]{32}$/);
/** `POST /internal/receipt-keys`: answered once the certification is in the ledger. `publicKey`: 32 bytes of Ed25519, base64. */
export const CertifyReceiptKey = {
  request: z.strictObject({ keyId: ReceiptKeyId, publicKey: z.base64().length(44), /** Keys that custody released to this process. */ released: z.array(Purpose).max(10) }),
  response: z.object({ log: z.string() }),
};
/** `POST /internal/receipt-proofs`: answered with a ReceiptProof; `receipt_not_found` until the batch is published. */
export const ProveReceipt = z.strictObject({ leaf: ReceiptLeaf, keyId: ReceiptKeyId });
