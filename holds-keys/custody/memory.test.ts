import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { KeyMemory } from './memory.ts';

test('a kept key is what it was, where it came from is wiped, and no two share a place, whatever is wiped how often', () => {
  const memory = new KeyMemory();
  const kept = new Map<Buffer, Buffer>();
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 1000; i++) {
      const key = randomBytes(32);
      const [given, copy] = [Buffer.from(key), key];
      kept.set(memory.keep(given), copy);
    }
    for (const [key, was] of kept) assert.deepEqual(key, was);
    for (const key of [...kept.keys()].filter((_, i) => i % 2 === 0)) { memory.wipe(key); memory.wipe(key); kept.delete(key); }
    for (const [key, was] of kept) assert.deepEqual(key, was);
  }
  const source = randomBytes(32);
  for (const key of kept.keys()) memory.wipe(key);
  memory.keep(source);
  assert.ok(source.every((byte) => byte === 0));
});

test('where there is no room, and of another length, a key stays where it is, and is wiped there', () => {
  const memory = new KeyMemory();
  for (let i = 0; i < 2000; i++) memory.keep(randomBytes(32));
  for (const key of [randomBytes(32), randomBytes(64)]) {
    const copy = Buffer.from(key);
    assert.deepEqual(memory.keep(key), copy);
    memory.wipe(key);
    assert.ok(key.every((byte) => byte === 0));
  }
});

test('what it says is so: the system counts locked memory, or none; and the process goes on, collects its garbage and ends', () => {
  const program = `import { readFileSync } from 'node:fs'; import { keyMemory } from ${JSON.stringify(import.meta.resolve('./memory.ts'))};
    for (let i = 0; i < 50; i++) { Buffer.alloc(8 << 20, 1); globalThis.gc(); }
    console.log(JSON.stringify({ locked: keyMemory.locked, kilobytes: Number(/VmLck:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) }));`;
  const { stdout, status } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', program], { encoding: 'utf8' });
  assert.equal(status, 0);
  const said = JSON.parse(stdout) as { locked: boolean; kilobytes: number };
  assert.equal(said.kilobytes >= 48, said.locked);
});
