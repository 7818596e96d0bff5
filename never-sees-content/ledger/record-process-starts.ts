/** Enters the starts of processes. */
import type { ProcessStart } from '#contract/internal/process-start.ts';
import { identifier } from '../identity/identifier.ts';
import type { Storage } from '../storage/storage.ts';

export async function recordProcessStarts(storage: Storage, starts: ProcessStart[]): Promise<void> {
  await storage.transact({ kind: 'system', id: 'supervisor' }, () => Promise.resolve({
    result: undefined,
    entries: starts.map(({ process, startedAt, code, configuration }) => ({ kind: 'process.started' as const, object: identifier('prc'), projectId: null, facts: { process, startedAt, code, configuration } })),
  }));
}
