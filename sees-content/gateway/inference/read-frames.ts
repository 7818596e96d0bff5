/** Takes an engine's frames as they come, no faster than the client takes them, and gives up an engine or a client that has stopped. */
import type { Readable, Writable } from 'node:stream';
import { GatewayError } from '../gateway-error.ts';
import { FrameReader } from './frames.ts';
import type { Frame } from './frames.ts';

/** A client that takes nothing of an answer for so long has left. */
export const stalledClientMs = 60_000;
/** An engine that sends nothing for so long, once it has begun, has hung. */
const stalledEngineMs = 120_000;

/**
 * Resolves at the engine's word that it is done, after which nothing is taken any more.
 * @throws whatever `take` throws; GatewayError engine_crashed where the stream ends before, engine_timeout, client_too_slow (the caller left, or reads nothing)
 */
export async function readFrames(body: Readable, client: Writable, signal: AbortSignal, take: (frame: Exclude<Frame, { kind: 'done' }>) => void): Promise<void> {
  const reader = new FrameReader();
  // An error after the end of what is read here concerns nobody.
  body.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const watch = (ms: number, code: 'engine_timeout' | 'client_too_slow'): void => { clearTimeout(late); late = setTimeout(() => finish(new GatewayError(code)), ms); };
    const crashed = (): void => finish(new GatewayError('engine_crashed'));
    const left = (): void => finish(new GatewayError('client_too_slow'));
    const drained = (): void => { watch(stalledEngineMs, 'engine_timeout'); body.resume(); };
    const finish = (error?: unknown): void => {
      clearTimeout(late);
      signal.removeEventListener('abort', left);
      client.off('drain', drained);
      body.off('data', data).off('end', crashed).off('error', crashed).off('close', crashed);
      if (error === undefined) { body.resume(); resolve(); } else reject(error instanceof Error ? error : new GatewayError('engine_failed'));
    };
    const data = (chunk: Buffer): void => {
      try {
        for (const frame of reader.push(chunk)) { if (frame.kind === 'done') { finish(); return; } take(frame); }
      } catch (error) { finish(error); return; }
      if (!client.writableNeedDrain) { late?.refresh(); return; }
      body.pause();
      watch(stalledClientMs, 'client_too_slow');
      client.once('drain', drained);
    };
    if (signal.aborted) { left(); return; }
    watch(stalledEngineMs, 'engine_timeout');
    signal.addEventListener('abort', left, { once: true });
    body.on('data', data).once('end', crashed).once('error', crashed).once('close', crashed);
  });
}
