/** Whether a receipt is what the gateway of this ledger signed, whether the ledger has it, and whether given bytes are the ones that it is about. */
import { holds, runChecks } from './checks.ts';
import type { Check, Verdict } from './checks.ts';
import { canonicalBytes, count, fromHex, hex, list, members, parseDocument, text } from './document.ts';
import type { Members } from './document.ts';
import { VerificationFailure } from './failure.ts';
import { base64, equal, sha256, utf8, verifyEd25519 } from './note.ts';
import { openLedger } from './open-ledger.ts';
import type { Kept } from './open-ledger.ts';
import { hashesOf, openEntry } from './proven-entry.ts';
import { leafPrefix, rootFromPath } from './tree.ts';

/** `prompt`, `response`: HTTP bodies. `onCheck` gets each check when it is decided. */
export interface ReceiptInput extends Kept { file: Uint8Array; prompt?: Uint8Array | undefined; response?: Uint8Array | undefined; onCheck?: ((check: Check) => void) | undefined }

export async function verifyReceipt({ file, prompt, response, onCheck, ...kept }: ReceiptInput): Promise<Verdict> {
  return await runChecks(async (check) => {
    const { receipt, opening, ledger } = await check('the file is a receipt', () => open(file));
    const { proof, certification, batch, place } = await check('the file proves its place in the ledger', () => {
      holds(ledger !== null, 'proof_missing');
      const whole = members(ledger, ['key', 'checkpoint', 'certification', 'batch', 'receipt']);
      const entry = ['index', 'entry', 'path'];
      return { proof: whole, certification: members(whole['certification'], entry), batch: members(whole['batch'], entry), place: members(whole['receipt'], ['index', 'path']) };
    });
    const checkpoint = await openLedger(check, proof, kept);
    const publicKey = await check('the ledger certifies the key of the receipt', async () => {
      const entry = await openEntry(certification, checkpoint);
      const facts = members(entry['facts']);
      holds(entry['kind'] === 'receipt_key.certified' && entry['object'] === receipt['key_id'] && facts['algorithm'] === 'ed25519', 'key_not_certified');
      return base64(text(facts['receiptKey'])) ?? new Uint8Array();
    });
    await check('signature of the receipt', async () => {
      const { signature, ...signed } = receipt;
      holds(/^[0-9a-f]{128}$/.test(text(signature)) && await verifyEd25519(publicKey, fromHex(text(signature)), canonicalBytes(signed)), 'receipt_signature');
    });
    await check('the receipt is in the ledger', async () => {
      const entry = await openEntry(batch, checkpoint);
      const facts = members(entry['facts']);
      holds(entry['kind'] === 'receipts.recorded', 'receipt_not_in_ledger');
      const root = await rootFromPath(await sha256(leafPrefix, canonicalBytes(receipt)), count(place['index']), count(facts['count']), hashesOf(place['path']));
      holds(root !== undefined && equal(root, base64(text(facts['root'])) ?? new Uint8Array()), 'receipt_not_in_ledger');
      holds(receipt['log'] === checkpoint.origin, 'origin_differs');
    });
    const salt = await check('the opening is of this receipt', async () => {
      if (opening === null) return undefined;
      const value = base64(text(opening['salt'])) ?? new Uint8Array();
      holds(receipt['salt_digest'] === `sha256:${hex(await sha256(value))}`, 'opening_differs');
      return value;
    });
    if (prompt) await check('the prompt is the one that was received', () => committed(receipt, 'request.received', prompt, salt, 'prompt_differs'));
    if (response) await check('the response is the one that was returned', () => committed(receipt, 'response.returned', withoutReceipt(response), salt, 'response_differs'));
    return `Request ${text(receipt['receipt_id'])} was ${text(receipt['outcome'])}; its receipt holds${prompt ?? response ? ' and is about these bytes' : ''}.`;
  }, onCheck);
}

function open(file: Uint8Array): { receipt: Members; opening: Members | null; ledger: Members | null } {
  const document = members(parseDocument(file), ['format', 'receipt', 'opening', 'ledger']);
  holds(document['format'] === 'modelkeep/receipt-file/1', 'document_malformed');
  const receipt = members(document['receipt']);
  holds(receipt['api_version'] === 'modelkeep/receipt/1', 'document_malformed');
  const { opening, ledger } = document;
  return { receipt, opening: opening === null ? null : members(opening, ['salt']), ledger: ledger === null ? null : members(ledger) };
}

async function committed(receipt: Members, type: string, body: Uint8Array, salt: Uint8Array<ArrayBuffer> | undefined, code: 'prompt_differs' | 'response_differs'): Promise<void> {
  if (!salt) throw new VerificationFailure('opening_missing');
  const event = list(receipt['event_log']).map((each) => members(each)).find((each) => each['type'] === type);
  const commitment = `sha256:${hex(await sha256(salt, utf8(`${type}\n`), body))}`;
  holds(event?.['commitment'] === commitment && event['bytes'] === body.length, code);
}

/** A stream that was asked to end with its own receipt: the receipt is about what stands before it. */
function withoutReceipt(body: Uint8Array): Uint8Array {
  const last = utf8('event: modelkeep.receipt\ndata: ');
  for (let at = body.length - last.length; at >= 0; at--) {
    if (body[at] === last[0] && equal(body.subarray(at, at + last.length), last)) {
      return /^event: modelkeep\.receipt\ndata: [^\n]*\n\n$/.test(new TextDecoder().decode(body.subarray(at))) ? body.subarray(0, at) : body;
    }
  }
  return body;
}
