/** The telemetry door of the supervisor. Its standard output is the user's terminal, so its events go to its log. */
import type { LogFile } from './log-file.ts';

export interface SupervisorEvents {
  started(): void;
  ready(ms: number): void;
  processDied(name: string, code: number | null, signal: string | null, stderrLines: number): void;
  processNotReady(name: string, code: string): void;
  processBack(name: string): void;
  lockLost(): void;
  failed(name: string): void;
  stopped(): void;
}

export function supervisorEvents(log: LogFile): SupervisorEvents {
  const emit = (event: string, fields: Record<string, string | number | null> = {}): void =>
    log.write(`${JSON.stringify({ at: new Date().toISOString(), process: 'supervisor', event, pid: process.pid, ...fields })}\n`);
  return {
    started: () => emit('started'),
    ready: (ms) => emit('ready', { ms }),
    processDied: (name, code, signal, stderrLines) => emit('process_died', { name, code, signal, stderrLines }),
    processNotReady: (name, code) => emit('process_not_ready', { name, code }),
    processBack: (name) => emit('process_back', { name }),
    lockLost: () => emit('lock_lost'),
    failed: (name) => emit('failed', { name }),
    stopped: () => emit('stopped'),
  };
}
