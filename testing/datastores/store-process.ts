/** Works on a store in a process of its own, that can be killed and whose memory can be measured. Its order comes by message. */
import { createHash } from 'node:crypto';
import { openStore } from './open-store.ts';
import type { StoreSettings } from './open-store.ts';

/** `endless`: writes until it is killed. */
export interface StoreOrder { settings: StoreSettings; object: string; bytes: number | 'endless' }
/** `taken`: bytes that the store has taken so far. `grown`: bytes of resident memory at the most, beyond those at the start. */
export type StoreNews = { taken: number } | { grown: number; written: string; read: string };

const chunkBytes = 1 << 20;
const tell = (news: StoreNews): void => { process.send?.(news); };

async function* stream(bytes: number, hash: { update: (chunk: Buffer) => unknown }): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; at += chunkBytes) {
    const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - at), (at / chunkBytes) % 251);
    hash.update(chunk);
    yield chunk;
    if (!Number.isFinite(bytes)) tell({ taken: at + chunk.length });
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

process.once('message', (order: StoreOrder) => {
  void (async () => {
    const store = openStore(order.settings);
    const before = process.memoryUsage.rss();
    const [written, read] = [createHash('sha256'), createHash('sha256')];
    await store.write(order.object, stream(order.bytes === 'endless' ? Number.POSITIVE_INFINITY : order.bytes, written));
    for await (const chunk of await store.read(order.object)) read.update(chunk);
    tell({ grown: process.resourceUsage().maxRSS * 1024 - before, written: written.digest('hex'), read: read.digest('hex') });
    process.disconnect();
  })();
});
