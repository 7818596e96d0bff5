/** Waits for the line that a process writes on fd 3. */
import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';
import { Readiness } from '#contract/internal/readiness.ts';

export type Ready = Extract<Readiness, { ready: true }>;

/** Why a process is not ready: a code of the readiness line, or `unexpected` where it ended without one. */
export class NotReady extends Error {
  readonly code: string;
  constructor(code: string) { super(code); this.code = code; }
}

const patienceMs = 180_000;

function parse(line: string): Ready {
  let said: unknown;
  try { said = JSON.parse(line); } catch { throw new NotReady('unexpected'); }
  const readiness = Readiness.safeParse(said);
  if (!readiness.success) throw new NotReady('unexpected');
  if (!readiness.data.ready) throw new NotReady(readiness.data.code);
  return readiness.data;
}

async function firstLine(pipe: Readable): Promise<string> {
  let text = '';
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end);
  }
  return '';
}

/** @throws NotReady with its code, also where the process ends or says nothing for three minutes. */
export async function readinessOf(child: ChildProcess): Promise<Ready> {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Readable)) throw new NotReady('unexpected');
  pipe.on('error', () => undefined);
  const late = setTimeout(() => pipe.destroy(), patienceMs);
  try { return parse(await firstLine(pipe)); } catch (error) { throw error instanceof NotReady ? error : new NotReady('unexpected'); } finally { clearTimeout(late); }
}
