/** What every store of sealed bytes does, whatever it keeps them in. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { StoreError } from '#control/datastores/blobs/blob-store.ts';
import type { BlobStore } from '#control/datastores/blobs/blob-store.ts';
import { openStore } from './open-store.ts';
import type { StoreSettings } from './open-store.ts';
import type { StoreNews, StoreOrder } from './store-process.ts';

const MiB = 1 << 20;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
export const newObject = (): string => `obj_${Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')}`;
export async function* chunked(bytes: Buffer, size = 100_003): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) { yield bytes.subarray(at, at + size); await Promise.resolve(); }
}
export async function whole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
export async function names(store: BlobStore): Promise<string[]> {
  const found: string[] = [];
  for await (const name of store.list()) found.push(name);
  return found.sort();
}
export const failsAs = (code: StoreError['code']) => (error: unknown): boolean => { assert.ok(error instanceof StoreError, String(error)); assert.equal(error.code, code); return true; };
export async function assertNothing(store: BlobStore, object: string): Promise<void> {
  assert.equal(await store.size(object), null);
  await assert.rejects(store.read(object), failsAs('not_found'));
}

async function inProcess(order: StoreOrder, until: (news: StoreNews) => boolean): Promise<StoreNews> {
  const child = fork(fileURLToPath(new URL('./store-process.ts', import.meta.url)), { execArgv: [] });
  const ended = once(child, 'exit');
  try {
    child.send(order);
    for (;;) {
      const [news] = await Promise.race([once(child, 'message'), ended.then(() => { throw new Error('the process ended'); })]) as [StoreNews];
      if (until(news)) return news;
    }
  } finally { child.kill('SIGKILL'); await ended; }
}

const hostile = ['', '.', '..', '/', '../obj', 'a/b', 'obj_', 'obj_../../../etc/passwd', '%2e%2e%2f', 'obj_\0', 'obj_é', `obj_${'a'.repeat(25)}\n`, `obj_${'A'.repeat(26)}`, `obj_${'0'.repeat(27)}`, ` obj_${'0'.repeat(26)}`, `obj_${'0'.repeat(26)}?versions`, `obj_${'0'.repeat(26)}.writing`, '__proto__', 'x'.repeat(10_000)];

export function blobStoreSuite(name: string, start: () => Promise<StoreSettings>): void {
  describe(name, () => {
    let settings: StoreSettings;
    let store: BlobStore;
    before(async () => { settings = await start(); store = openStore(settings); });
    after(async () => { for (const each of await names(store)) await store.erase(each); assert.deepEqual(await names(store), []); await (store as { close?: () => Promise<void> }).close?.(); });

    for (const bytes of [0, 1, 16 * MiB - 1, 16 * MiB, 16 * MiB + 1, 40 * MiB]) {
      test(`${bytes} bytes come back as they were`, async () => {
        const [object, plain] = [newObject(), randomBytes(bytes)];
        assert.deepEqual(await store.write(object, chunked(plain)), { bytes });
        assert.equal(await store.size(object), bytes);
        assert.ok((await whole(await store.read(object))).equals(plain));
        await store.erase(object);
        await assertNothing(store, object);
      });
    }

    test('any range is what it is of the whole, and nothing beyond its end', async () => {
      const [object, plain] = [newObject(), randomBytes(17 * MiB)];
      await store.write(object, chunked(plain));
      const near = fc.oneof(fc.integer({ min: 0, max: plain.length + 10 }), fc.integer({ min: 16 * MiB - 5, max: 16 * MiB + 5 }), fc.integer({ min: plain.length - 3, max: plain.length + 3 }));
      await fc.assert(fc.asyncProperty(near, fc.option(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 * MiB })), { nil: undefined }), async (offset, length) => {
        const got = await whole(await store.read(object, { offset, ...(length === undefined ? {} : { length }) }));
        assert.ok(got.equals(plain.subarray(offset, length === undefined ? undefined : offset + length)), `${offset} ${length}: ${got.length}`);
      }), { numRuns: 40, examples: [[0, 0], [0, 1], [plain.length, undefined], [plain.length, 1], [plain.length + 1, undefined], [0, plain.length + 1]] });
    });

    test('of what is not there, nothing is told but that, and erasing it is harmless', async () => {
      const object = newObject();
      await assertNothing(store, object);
      await store.erase(object);
      await store.erase(object);
      await assertNothing(store, object);
    });

    for (const bytes of [0, 10, 40 * MiB]) {
      test(`a stream that fails after ${bytes} bytes leaves nothing`, async () => {
        const object = newObject();
        async function* failing(): AsyncGenerator<Buffer> { yield* chunked(Buffer.alloc(bytes)); throw new Error('the caller has gone'); }
        await assert.rejects(store.write(object, failing()), StoreError);
        await assertNothing(store, object);
        assert.ok(!(await names(store)).includes(object));
      });
    }

    test('a writer that is killed leaves nothing under the name, and what it had begun is found and erased', async () => {
      const object = newObject();
      await inProcess({ settings, object, bytes: 'endless' }, (news) => 'taken' in news && news.taken >= 80 * MiB);
      await assertNothing(store, object);
      assert.ok((await names(store)).includes(object));
      await store.erase(object);
      assert.ok(!(await names(store)).includes(object));
      await assertNothing(store, object);
    });

    test('what is erased while it is being written does not come back', async () => {
      const object = newObject();
      const reached = Promise.withResolvers<undefined>();
      const go = Promise.withResolvers<undefined>();
      async function* waiting(): AsyncGenerator<Buffer> { yield* chunked(Buffer.alloc(40 * MiB)); reached.resolve(undefined); await go.promise; yield Buffer.from('end'); }
      const written = store.write(object, waiting());
      await reached.promise;
      await store.erase(object);
      go.resolve(undefined);
      await assert.rejects(written, StoreError);
      await assertNothing(store, object);
    });

    test('the list has every name once', async () => {
      const objects = Array.from({ length: 8 }, newObject).sort();
      for (const object of objects) await store.write(object, chunked(Buffer.from(object)));
      assert.deepEqual((await names(store)).filter((each) => objects.includes(each)), objects);
      for (const object of objects) await store.erase(object);
      assert.deepEqual((await names(store)).filter((each) => objects.includes(each)), []);
    });

    test('300 MB are written and read in constant memory', async () => {
      const object = newObject();
      const news = await inProcess({ settings, object, bytes: 300_000_000 }, (each) => 'grown' in each);
      assert.ok('grown' in news);
      assert.equal(news.read, news.written);
      assert.ok(news.grown < 200 * MiB, `${news.grown} bytes`);
      assert.equal(await store.size(object), 300_000_000);
      await store.erase(object);
    });

    test('writers at the same time do not disturb each other', async () => {
      const plain = Array.from({ length: 6 }, () => ({ object: newObject(), bytes: randomBytes(5 * MiB + 7) }));
      await Promise.all(plain.map(async ({ object, bytes }) => await store.write(object, chunked(bytes))));
      for (const { object, bytes } of plain) assert.ok((await whole(await store.read(object))).equals(bytes));
    });

    test('of two writers of one name, one is whole and the other fails or is whole after it', async () => {
      const [object, one, other] = [newObject(), randomBytes(20 * MiB), randomBytes(18 * MiB)];
      const results = await Promise.allSettled([store.write(object, chunked(one)), store.write(object, chunked(other, 70_001))]);
      const done = [one, other].filter((_, index) => results[index]?.status === 'fulfilled');
      assert.notEqual(done.length, 0);
      const got = await whole(await store.read(object));
      assert.ok(done.some((each) => each.equals(got)));
    });

    test('a name that is no object is refused, whatever is asked', async () => {
      for (const object of hostile) {
        await assert.rejects(store.write(object, chunked(Buffer.from('x'))), failsAs('refused'), object);
        await assert.rejects(store.read(object), failsAs('refused'), object);
        await assert.rejects(store.size(object), failsAs('refused'), object);
        await assert.rejects(store.erase(object), failsAs('refused'), object);
      }
    });
  });
}
