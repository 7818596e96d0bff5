/** A streamed answer: frames pass as bytes; the last ones wait for the meter; a slow reader slows its own stream only. */
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { CompletionUsage } from '#contract/http/chat-completions.ts';
import { errorBody, GatewayError, publicError } from '../gateway-error.ts';
import { FrameReader } from './frames.ts';
import type { Frame } from './frames.ts';
import { upstreamRefusal } from './upstream-refusal.ts';
import type { Tokens } from './whole-answer.ts';

/** A reader that takes nothing for so long has left. */
const stalledReaderMs = 60_000;
/** An engine that sends nothing for so long has hung. */
const stalledEngineMs = 120_000;

export interface StreamOptions {
  trusted: boolean; includeUsage: boolean; headers: Record<string, string>; signal: AbortSignal;
  /** Resolves once the usage is committed. */
  commit(tokens: Tokens): Promise<void>;
}
export interface StreamOutcome { outcome: 'complete' | 'failed' | 'aborted'; tokens: Tokens; error: GatewayError | null }

export async function streamAnswer(body: Readable, response: ServerResponse, options: StreamOptions): Promise<StreamOutcome> {
  const tokens: Tokens = { prompt: 0, cached: 0, output: 0 };
  const reader = new FrameReader();
  let usageFrame: Buffer | undefined;
  let measured = false;
  let opened = false;
  const open = (): void => { if (!opened) { opened = true; response.writeHead(200, options.headers); } };

  const take = (frame: Frame): 'done' | 'more' => {
    switch (frame.kind) {
      case 'data':
        open();
        if (!measured) tokens.output += frame.frames;
        response.write(frame.bytes);
        return 'more';
      case 'usage': {
        const { usage, alone } = readUsage(frame.text);
        measured = true;
        Object.assign(tokens, usage);
        if (!alone) { open(); response.write(frame.bytes); } else if (options.includeUsage) usageFrame = Buffer.from(frame.bytes);
        return 'more';
      }
      case 'error': throw upstreamRefusal(500, frame.text, options.trusted);
      case 'malformed': throw new GatewayError('engine_failed');
      case 'done': return 'done';
    }
  };

  try {
    if (!await readFrames(body, reader, take, response, options.signal)) throw new GatewayError('engine_crashed');
    if (!measured) throw new GatewayError('engine_failed');
    await options.commit(tokens);
    open();
    if (usageFrame) response.write(usageFrame);
    response.end('data: [DONE]\n\n');
    return { outcome: 'complete', tokens, error: null };
  } catch (error) {
    if (options.signal.aborted) { response.destroy(); return { outcome: 'aborted', tokens, error: null }; }
    const told = publicError(error);
    // Before the first byte an error has a status; after it, a frame. Never 200 and a document.
    if (!opened) throw told;
    response.end(`data: ${JSON.stringify(errorBody(told))}\n\n`);
    return { outcome: 'failed', tokens, error: told };
  } finally { body.destroy(); }
}

/** @returns whether the engine said that it is done. */
async function readFrames(body: Readable, reader: FrameReader, take: (frame: Frame) => 'done' | 'more', response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return await new Promise((resolve, reject) => {
    let late: NodeJS.Timeout | undefined;
    const fail = (error: unknown): void => { clearTimeout(late); reject(error instanceof Error ? error : new GatewayError('engine_failed')); };
    const watch = (ms: number, code: 'engine_timeout' | 'client_too_slow'): void => { clearTimeout(late); late = setTimeout(() => fail(new GatewayError(code)), ms); };
    watch(stalledEngineMs, 'engine_timeout');
    body.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) if (take(frame) === 'done') { clearTimeout(late); resolve(true); return; }
      } catch (error) { fail(error); return; }
      if (!response.writableNeedDrain) { late?.refresh(); return; }
      body.pause();
      watch(stalledReaderMs, 'client_too_slow');
      response.once('drain', () => { watch(stalledEngineMs, 'engine_timeout'); body.resume(); });
    });
    body.once('end', () => { clearTimeout(late); resolve(false); });
    body.once('error', () => fail(new GatewayError('engine_crashed')));
    body.once('close', () => { clearTimeout(late); resolve(false); });
    signal.addEventListener('abort', () => fail(new GatewayError('client_too_slow')), { once: true });
  });
}

/** `alone`: a frame that says nothing but the usage. */
function readUsage(text: string): { usage: Tokens; alone: boolean } {
  let value: { usage?: unknown; choices?: unknown };
  try { value = JSON.parse(text) as typeof value; } catch { throw new GatewayError('engine_failed'); }
  const result = CompletionUsage.safeParse(value.usage);
  if (!result.success) throw new GatewayError('engine_failed');
  const { prompt_tokens: prompt, completion_tokens: output, prompt_tokens_details: details } = result.data;
  return { usage: { prompt, output, cached: details?.cached_tokens ?? 0 }, alone: !Array.isArray(value.choices) || value.choices.length === 0 };
}
