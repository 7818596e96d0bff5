/** The telemetry door of key-custody: a line of JSON each, of codes and numbers. */
import { writeSync } from 'node:fs';

function emit(event: string, fields: Record<string, string | number | null>): void {
  try { writeSync(1, `${JSON.stringify({ at: new Date().toISOString(), process: 'key-custody', event, ...fields })}\n`); } catch { /* nobody listens */ }
}
export const events = {
  started: () => emit('started', {}),
  stopped: () => emit('stopped', {}),
  rootKeyCreated: () => emit('root_key_created', {}),
  credentialMinted: (kind: 'mk-ek-' | 'mk-pt-' | 'mk-ad-' | 'mk-ss-' | 'mk-sl-') => emit('credential_minted', { kind }),
  keyReleased: (purpose: string) => emit('key_released', { purpose }),
  checkpointSigned: (size: number) => emit('checkpoint_signed', { size }),
  certificateIssued: (names: number) => emit('certificate_issued', { names }),
  reportSigned: () => emit('report_signed', {}),
  refused: (operation: string) => emit('refused', { operation }),
  /** `reason`: which way the key files are not as they should be. */
  failed: (name: string, reason: string | null) => emit('failed', { name, reason }),
};
