/** That a receipt and the key that signed it are in the published ledger. */
import type { z } from 'zod';
import type { ProveReceipt } from '#contract/internal/receipt-leaf.ts';
import type { ReceiptProof } from '#contract/receipt.ts';
import { publishedEntries } from '../ledger/published-entries.ts';
import { Refusal } from '../server/refusal.ts';
import type { Storage } from '../storage/storage.ts';
import { leafTreePath } from './leaf-tree.ts';

/** @throws Refusal receipt_not_found where the leaf is not known, or not published yet */
export async function proveReceipt(storage: Storage, { leaf, keyId }: z.output<typeof ProveReceipt>): Promise<ReceiptProof> {
  return await storage.read(async (db) => {
    const hash = Buffer.from(leaf.hash, 'hex');
    const row = await db.selectFrom('receipt_leaves').select(['batch', 'index']).where('request_id', '=', leaf.requestId).where('hash', '=', hash).executeTakeFirst();
    const published = await publishedEntries(db);
    if (!published || !row || row.batch === null || row.index === null) throw new Refusal('receipt_not_found');
    const certification = await published.find('receipt_key.certified', keyId);
    const batch = await published.find('receipts.recorded', row.batch);
    if (!certification || !batch) throw new Refusal('receipt_not_found');
    const leaves = await db.selectFrom('receipt_leaves').select('hash').where('batch', '=', row.batch).orderBy('index').execute();
    const path = await leafTreePath(leaves.map((each) => each.hash), row.index);
    return { key: published.key, checkpoint: published.note, certification, batch, receipt: { index: row.index, path: path.map((each) => each.toString('base64')) } };
  });
}
