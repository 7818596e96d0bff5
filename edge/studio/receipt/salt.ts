/** The salt of a request's commitments, from the caller's own key as docs/receipts.md has it. It is not asked for. */
import { utf8 } from '../../verify/note.ts';

/** As `saltLabel` of contract/receipt.ts: part of the format. */
const label = 'modelkeep/receipt/1';

/** @returns base64 */
export async function saltOf(key: string, requestId: string): Promise<string> {
  const hmac = await crypto.subtle.importKey('raw', utf8(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const salt = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, utf8(`${label}\n${requestId}`)));
  return btoa(String.fromCharCode(...salt));
}
