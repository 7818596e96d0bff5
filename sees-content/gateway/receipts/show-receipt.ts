/** A receipt that is still kept, for the credential that made its request, with its proof of being in the ledger. */
import { canonicalJson } from '#contract/canonical-json.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { ReceiptProof } from '#contract/receipt.ts';
import type { ReceiptLeaf } from '#contract/internal/receipt-leaf.ts';
import { GatewayError } from '../gateway-error.ts';
import type { ReceiptIssuer } from './issuer.ts';

/** What asks control: null while the receipt's batch is not published. */
export type Prove = (leaf: ReceiptLeaf, keyId: string) => Promise<ReceiptProof | null>;

/** `whoAsks` is called only where the receipt belongs to a credential. @returns RFC 8785 JSON. @throws GatewayError receipt_not_found, and what `whoAsks` throws */
export async function showReceipt(id: string, issuer: ReceiptIssuer, whoAsks: () => Promise<Principal>, prove: Prove): Promise<string> {
  const kept = issuer.find(id);
  if (!kept || (kept.owner !== null && (await whoAsks()).id !== kept.owner)) throw new GatewayError('receipt_not_found');
  const ledger = await prove({ requestId: id, hash: kept.leaf }, issuer.place.keyId);
  return canonicalJson({ format: 'modelkeep/receipt-file/1', receipt: JSON.parse(kept.text.toString()) as unknown, opening: null, ledger });
}
