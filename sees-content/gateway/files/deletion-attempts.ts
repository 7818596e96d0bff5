/** Tries to open copies of what is being deleted, when control asks: before the keys are destroyed, and after. Of what opens nothing is kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptOutcome } from '#contract/deletion.ts';
import { DeletionAttempt } from '#contract/internal/objects.ts';
import { checkOpens } from '../../sealing/open.ts';
import { SealedDataInvalid } from '../../sealing/sealed-data-invalid.ts';
import { GatewayError } from '../gateway-error.ts';
import { jsonLines } from '../json-lines.ts';
import { KeysRefused } from '../keys/custody-keys.ts';
import type { FileParts } from './store-content.ts';

/** Goes on for as long as the gateway lives. */
export async function followDeletionAttempts(parts: FileParts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const line of jsonLines(await parts.objects.attempts(parts.keys.recipient.publicKey, signal))) {
        const attempt = DeletionAttempt.parse(JSON.parse(line));
        void tryToOpen(attempt, parts).then((outcome) => parts.objects.answerAttempt({ attempt: attempt.attempt, outcome })).catch(() => undefined);
      }
    } catch { /* control is away */ }
    await sleep(200, undefined, { signal }).catch(() => undefined);
  }
}

async function tryToOpen({ sealedAs, order }: DeletionAttempt, { objects, keys }: FileParts): Promise<AttemptOutcome> {
  try {
    const held = await keys.release(order);
    try { await checkOpens(await objects.read(sealedAs.object, held.signal), sealedAs, held.keys); } finally { held.end(); }
    return 'opened';
  } catch (error) {
    if (error instanceof SealedDataInvalid) return 'not_decryptable';
    if (!(error instanceof KeysRefused)) return error instanceof GatewayError && error.code === 'file_not_found' ? 'bytes_missing' : 'key_unreachable';
    return error.refusal === 'key_not_found' || error.refusal === 'key_tampered' ? 'key_not_found' : error.refusal === 'customer_key_denied' ? 'key_denied' : 'key_unreachable';
  }
}
