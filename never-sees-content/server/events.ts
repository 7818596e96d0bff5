/** The telemetry door of control: one function an event, fixed fields of codes, numbers and ids. */
import { writeSync } from 'node:fs';
import type { ErrorCode } from '#contract/error-codes.ts';

function emit(event: string, fields: Record<string, string | number | null>): void {
  try { writeSync(1, `${JSON.stringify({ at: new Date().toISOString(), process: 'control', event, ...fields })}\n`); } catch { /* nobody listens */ }
}
export const events = {
  started: (ms: number) => emit('started', { ms }),
  stopped: () => emit('stopped', {}),
  requestFinished: (requestId: string, operation: string, status: number, code: string | null, ms: number) => emit('request_finished', { requestId, operation, status, code, ms }),
  unexpected: (requestId: string, operation: string, name: string, code: string | null) => emit('unexpected', { requestId, operation, name, code }),
  snapshotPublished: (version: number, gateways: number) => emit('snapshot_published', { version, gateways }),
  /** `name`, `code`: of the error. The ledger is published a little later. */
  ledgerDelayed: (name: string, code: string | null) => emit('ledger_delayed', { name, code }),
  checkpointCosigned: (size: number) => emit('checkpoint_cosigned', { size }),
  /** `status`: what the witness answered; 0 where it did not, or not with a cosignature. */
  witnessRefused: (status: number) => emit('witness_refused', { status }),
  snapshotFailed: () => emit('snapshot_failed', {}),
  gatewayConnected: (version: number) => emit('gateway_connected', { version }),
  usageCommitted: (records: number, fresh: number) => emit('usage_committed', { records, fresh }),
  pullFinished: (pullId: string, outcome: string, failure: string | null, bytes: number, ms: number) => emit('pull_finished', { pullId, outcome, failure, bytes, ms }),
  pullUnexpected: (pullId: string, name: string, code: string | null) => emit('pull_unexpected', { pullId, name, code }),
  manifestIgnored: (file: string, reason: ErrorCode) => emit('manifest_ignored', { file, reason }),
  /** How a sign-in went; never whose. */
  signIn: (kind: 'password' | 'link', outcome: 'complete' | 'refused' | 'limited') => emit('sign_in', { kind, outcome }),
  objectAbandoned: (object: string) => emit('object_abandoned', { object }),
  objectNotAbandoned: (object: string) => emit('object_not_abandoned', { object }),
  deletionDelayed: (object: string) => emit('deletion_delayed', { object }),
  keyStateChanged: (project: string, state: string) => emit('key_state_changed', { project, state }),
  workersReported: (reports: number) => emit('workers_reported', { reports }),
  failed: (name: string, code: string | null) => emit('failed', { name, code }),
};
/** The system's own code of an error (ENOENT, 23505), if it has one that is safe to show. */
export function errorCodeOf(error: unknown): string | null {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : null;
}
