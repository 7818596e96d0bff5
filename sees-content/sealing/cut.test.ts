import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cut } from './cut.ts';
import { inPieces } from './sealing-under-test.ts';

test('however a stream comes, its blocks are the same: whole ones, then the last, which is empty only where the stream is', async () => {
  const pieces = fc.array(fc.nat(20), { minLength: 1 }).filter((sizes) => sizes.some((size) => size > 0));
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), pieces, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 12 }), async (bytes, sizes, size, first) => {
    const blocks: { bytes: number[]; last: boolean }[] = [];
    for await (const { block, last } of cut(inPieces(Buffer.from(bytes), sizes), size, first)) blocks.push({ bytes: [...block], last });
    assert.deepEqual(blocks.flatMap((block) => block.bytes), [...bytes]);
    blocks.forEach((block, i) => {
      const full = i === 0 ? first : size;
      assert.equal(block.last, i === blocks.length - 1);
      if (block.last) assert.ok(block.bytes.length <= full && (block.bytes.length > 0 || bytes.length === 0));
      else assert.equal(block.bytes.length, full);
    });
  }));
});

test('who stops early ends the stream', async () => {
  let ended = false;
  const endless = async function* (): AsyncGenerator<Buffer> {
    try { for (;;) yield await Promise.resolve(Buffer.alloc(3)); } finally { ended = true; }
  };
  for await (const { last } of cut(endless(), 4)) { assert.equal(last, false); break; }
  assert.ok(ended);
});
