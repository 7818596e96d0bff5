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
  dataKeys: (action: 'create' | 'release' | 'destroy', purpose: string, object: string) => emit('data_keys', { action, purpose, object }),
  keysRefused: (code: string) => emit('keys_refused', { code }),
  projectKeysChanged: (action: string, project: string) => emit('project_keys_changed', { action, project }),
  keysRewrapped: (project: string, count: number) => emit('keys_rewrapped', { project, count }),
  /** A record that is not what was written. */
  keyUnreadable: (object: string) => emit('key_unreadable', { object }),
  keyState: (project: string, state: string) => emit('key_state', { project, state }),
  /** 1 or 0. */
  memoryLocked: (locked: number) => emit('memory_locked', { locked }),
  refused: (operation: string) => emit('refused', { operation }),
  /** `reason`: which way the key files are not as they should be. */
  failed: (name: string, reason: string | null) => emit('failed', { name, reason }),
};
