export interface ReceiptTables {
  /** `hash`: RFC 6962 leaf hash of a receipt. `batch`: object of the ledger entry with the batch's root, and the leaf's place in it. */
  receipt_leaves: { request_id: string; hash: Buffer; at: string; batch: string | null; index: number | null };
}
