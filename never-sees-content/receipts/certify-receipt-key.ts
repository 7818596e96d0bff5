/** Puts the public key of a gateway's receipts into the ledger, before it signs the first one, and which keys custody released to that gateway. */
import type { z } from 'zod';
import type { CertifyReceiptKey } from '#contract/internal/receipt-leaf.ts';
import { logName } from '../ledger/log-name.ts';
import type { Storage } from '../storage/storage.ts';

/** Asked again with the same key, it changes nothing. */
export async function certifyReceiptKey(storage: Storage, { keyId, publicKey, released }: z.output<typeof CertifyReceiptKey.request>): Promise<z.output<typeof CertifyReceiptKey.response>> {
  return await storage.transact({ kind: 'system', id: 'gateway' }, async (tx) => {
    const result = { log: await logName(tx) };
    if (await tx.selectFrom('ledger_entries').select('seq').where('object', '=', keyId).executeTakeFirst()) return { result, unchanged: true };
    return { result, entries: [
      { kind: 'receipt_key.certified', object: keyId, projectId: null, facts: { algorithm: 'ed25519', receiptKey: publicKey } },
      ...released.map((purpose) => ({ kind: 'key.released' as const, object: keyId, projectId: null, facts: { purpose } })),
    ] };
  });
}
