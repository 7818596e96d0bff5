/** One audit of an installation at a time: a second would take back what the first has made. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { AuditError } from './audit-error.ts';

/** Whether the process that wrote the lock is an audit that still runs. */
export function isHeld(path: string): boolean {
  try { return readFileSync(`/proc/${Number(readFileSync(path, 'utf8'))}/cmdline`, 'utf8').includes('audit/main.ts'); } catch { return false; }
}

/** @returns how to let go of it. @throws AuditError already_running */
export function holdLock(path: string): () => void {
  if (isHeld(path)) throw new AuditError('already_running');
  rmSync(path, { force: true });
  try { writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 }); } catch { throw new AuditError('already_running'); }
  return () => rmSync(path, { force: true });
}
