/** How a receipt travels with an answer: its id always, itself where it is asked for. Stock clients pass over all of it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { ReceiptDraft } from './draft.ts';

/** The request header `x-modelkeep-receipt: include` asks for the receipt in the answer: in a header, or as the last event of a stream. */
export const asksForReceipt = (headers: IncomingHttpHeaders): boolean => headers['x-modelkeep-receipt'] === 'include';

/** The salt is told to a caller who has no key to derive it from. */
export function receiptHeaders({ requestId, salt }: ReceiptDraft): Record<string, string> {
  return { 'x-receipt-id': requestId, ...(salt.told ? { 'x-modelkeep-receipt-salt': salt.value.toString('base64') } : {}) };
}

export const receiptHeader = (text: string): Record<string, string> => ({ 'x-modelkeep-receipt': Buffer.from(text).toString('base64') });

/** The event after a stream's end. The receipt's commitment is to all bytes before it. */
export const receiptEvent = (text: string): string => `event: modelkeep.receipt\ndata: ${text}\n\n`;
