import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inParts } from './parts.ts';
import type { Part } from './parts.ts';

test('parts are whole, in their order, all of one size but the last, and only the last says that it is', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)), { maxLength: 20 });
  await fc.assert(fc.asyncProperty(chunks, fc.integer({ min: 1, max: 40 }), async (given, size) => {
    async function* stream(): AsyncGenerator<Buffer> { yield* given; await Promise.resolve(); }
    const parts: Part[] = [];
    for await (const part of inParts(stream(), size)) parts.push(part);
    assert.ok(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(Buffer.concat(given)));
    assert.deepEqual(parts.map(({ last }) => last), parts.map((_, index) => index === parts.length - 1));
    assert.ok(parts.slice(0, -1).every(({ bytes }) => bytes.length === size) && (parts.at(-1)?.bytes.length ?? 0) <= size);
    assert.ok(parts.length === 1 || (parts.at(-1)?.bytes.length ?? 0) > 0);
  }));
});
