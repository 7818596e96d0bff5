/** A load of streamed chat completions on one endpoint, and what it measured. */
import { Pool } from 'undici';

export interface Endpoint { name: string; origin: string; path: string; headers: Record<string, string>; model: string; /** Every prompt begins differently, so that no engine has it in a cache. */ fresh?: boolean }
/** Milliseconds, one entry a request (`gapsMs`: one a token after the first); `seconds`: the whole load. */
export interface Measured { firstTokenMs: number[]; gapsMs: number[]; wholeMs: number[]; tokens: number; seconds: number; failed: number }

const prompt = [{ role: 'user', content: 'Name three primary colours.' }];
let asked = 0;
const freshPrompt = (): object[] => [{ role: 'system', content: `${asked++}: you answer briefly.` }, ...prompt];

async function one(pool: Pool, endpoint: Endpoint, maxTokens: number, into: Measured): Promise<void> {
  const body = JSON.stringify({ model: endpoint.model, messages: endpoint.fresh === true ? freshPrompt() : prompt, stream: true, max_tokens: maxTokens });
  const start = performance.now();
  let previous = 0;
  const answer = await pool.request({ path: endpoint.path, method: 'POST', headers: { 'content-type': 'application/json', ...endpoint.headers }, body });
  if (answer.statusCode !== 200) { into.failed++; await answer.body.dump(); return; }
  let done = false; let tail = '';
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    const now = performance.now();
    const text = tail + chunk.toString('latin1');
    const end = text.lastIndexOf('\n\n') + 2;
    tail = text.slice(end);
    const frames = text.slice(0, end).split('\n\n');
    let here = 0;
    for (const frame of frames) { if (/"content":"[^"]/.test(frame)) here++; else if (frame.includes('[DONE]')) done = true; }
    if (here === 0) continue;
    if (previous === 0) into.firstTokenMs.push(now - start); else into.gapsMs.push((now - previous) / here);
    previous = now;
    into.tokens += here;
  }
  if (!done) into.failed++;
  into.wholeMs.push(performance.now() - start);
}

export const empty = (): Measured => ({ firstTokenMs: [], gapsMs: [], wholeMs: [], tokens: 0, seconds: 0, failed: 0 });

/** `requests` requests, `concurrency` at a time, on connections that stay open. */
export async function load(endpoint: Endpoint, concurrency: number, requests: number, maxTokens: number, into: Measured): Promise<void> {
  const pool = new Pool(endpoint.origin, { connections: concurrency, pipelining: 1 });
  const start = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => { while (next++ < requests) await one(pool, endpoint, maxTokens, into).catch(() => { into.failed++; }); };
  await Promise.all(Array.from({ length: concurrency }, lane));
  into.seconds += (performance.now() - start) / 1000;
  await pool.close();
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
