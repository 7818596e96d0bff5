/** The telemetry door of the gateway: numbers, enums and opaque ids. No function here takes a text that a caller wrote. */
import { writeSync } from 'node:fs';
import type { ErrorCode, FailureCode } from '#contract/error-codes.ts';
import type { OperationId } from '#contract/operations.ts';

let lines: string[] = [];

/** Lines of the same moment go out together, off the path of the request that made them. */
function emit(event: string, fields: Record<string, string | number | boolean | null>): void {
  if (lines.length === 0) setImmediate(flush);
  lines.push(`${JSON.stringify({ at: new Date().toISOString(), process: 'gateway', event, ...fields })}\n`);
}
function flush(): void {
  const text = lines.join('');
  lines = [];
  try { writeSync(1, text); } catch { /* nobody listens, or the pipe is full: events are dropped, requests are not */ }
}

export interface RequestFinished {
  requestId: string; operation: OperationId | null; deploymentId: string | null; status: number; code: ErrorCode | null;
  outcome: 'complete' | 'refused' | 'aborted' | 'failed'; ms: number; promptTokens: number; outputTokens: number;
}
export const events = {
  started: (ms: number) => emit('started', { ms }),
  stopping: (active: number) => emit('stopping', { active }),
  stopped: () => { emit('stopped', {}); flush(); },
  failed: (name: string, code: string | null) => { emit('failed', { name, code }); flush(); },
  unexpected: (requestId: string, name: string, code: string | null) => emit('unexpected', { requestId, name, code }),
  requestFinished: (finished: RequestFinished) => emit('request_finished', { ...finished }),
  snapshotApplied: (version: number, routes: number, credentials: number) => emit('snapshot_applied', { version, routes, credentials }),
  controlLost: () => emit('control_lost', {}),
  certificateNotRenewed: () => emit('certificate_not_renewed', {}),
  usageRefused: (requestId: string) => emit('usage_refused', { requestId }),
  usageDelayed: (records: number) => emit('usage_delayed', { records }),
  workerChanged: (artifactDigest: string, state: string, failure: FailureCode | null, restarts: number, tier: string | null) => emit('worker_changed', { artifactDigest, state, failure, restarts, tier }),
  connectionRefused: (reason: 'malformed' | 'headers_too_large' | 'timeout') => emit('connection_refused', { reason }),
};
