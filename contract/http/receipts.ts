/** Receipts, for a short time, to the caller of the request. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { RequestId } from '../names.ts';
import { operation } from '../operation.ts';
import { ReceiptFile } from '../receipt.ts';

/** The credential must be the one that the request was made with. A receipt of a request without a valid one is open to whoever knows its id. */
export const showReceipt = operation({
  id: 'showReceipt', summary: 'The signed receipt of a request, by its x-request-id, with its proof of being in the ledger', tag: 'receipts', method: 'GET', path: '/v1/receipts/{id}',
  access: 'none', servedBy: 'gateway', params: z.object({ id: pub(RequestId) }), response: pub(ReceiptFile), errors: ['receipt_not_found', 'invalid_api_key', 'control_unavailable'],
});
