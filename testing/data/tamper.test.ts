/** Whoever can write to the disk changes what is stored, or its wrapped keys: a download gives the right bytes or none, and nothing falls over. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FileObject } from '#contract/http/files.ts';
import { dataLayout } from '#contract/installation.ts';
import { createKeyFile } from '#keys/providers/file/key-file-format.ts';
import { Installation } from '../installation.ts';
import type { ProcessStatus } from '../installation.ts';
import { atRest, partsAtRest, until } from './at-rest.ts';
import type { AtRest } from './at-rest.ts';
import { accepted, Caller } from './caller.ts';

const [header, frame] = [147, 262_144 + 32];
const content = randomBytes(700_000);
const folder = mkdtempSync(join(tmpdir(), 'mk-tamper-'));
let installation: Installation;
let caller: Caller;
let stranger: Caller;
let file: FileObject;
let stored: AtRest;
let original: Buffer;
let keys: Buffer;
let processes: ProcessStatus[];
const running = async (): Promise<string[]> => (await installation.processes()).filter(({ name }) => name !== 'postgres').map(({ name, pid, restarts }) => `${name} ${pid} ${restarts}`);

before(async () => {
  installation = await Installation.start();
  await installation.json('projects', 'create', 'other');
  caller = await Caller.operatorsToken(installation, 'tamper');
  stranger = await Caller.operatorsToken(installation, 'stranger', 'other');
  file = await caller.stored(content);
  stored = await atRest(installation, file);
  [original, keys] = [readFileSync(stored.bytes), readFileSync(stored.keys)];
  processes = await installation.processes();
}, { timeout: 150_000 });
after(async () => {
  await caller?.close();
  await stranger?.close();
  await installation?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const flipped = (bytes: Buffer, bit: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
};
/** What a download of a changed object may be: a refusal, or frames that are right and then a broken connection. */
async function refusesOrBreaks(id = file.id, range?: string): Promise<'refused' | 'broken'> {
  const { status, code, bytes, whole } = await caller.content(id, range === undefined ? {} : { range });
  if (status >= 400) { assert.deepEqual([status, code], [500, 'sealed_data_invalid']); return 'refused'; }
  assert.ok(!whole, `it looked whole, with ${bytes.length} bytes`);
  assert.ok(bytes.equals(content.subarray(0, bytes.length)), 'what came before was right');
  return 'broken';
}
/** @returns what came of it, with everything put back */
async function withBytes<T>(bytes: Buffer, look: () => Promise<T>): Promise<T> {
  writeFileSync(stored.bytes, bytes);
  try { return await look(); } finally { writeFileSync(stored.bytes, original); }
}
async function unharmed(): Promise<void> {
  assert.ok((await caller.content(file.id)).bytes.equals(content), 'put back, it opens');
  assert.deepEqual(await running(), processes.filter(({ name }) => name !== 'postgres').map(({ name, pid, restarts }) => `${name} ${pid} ${restarts}`), 'no process died');
}

describe('one bit of the stored object', () => {
  const places: [what: string, from: number, length: number][] = [
    ['format', 0, 19], ['salt, customer', 19, 32], ['commitment, customer', 51, 32], ['salt, platform', 83, 32], ['commitment, platform', 115, 32],
    ['first frame', header, frame - 32], ['its inner tag', header + frame - 32, 16], ['its outer tag', header + frame - 16, 16],
    ['a frame in the middle', header + frame, frame - 32], ['its inner tag, sealed', header + 2 * frame - 32, 16], ['its tag', header + 2 * frame - 16, 16],
    ['last frame', header + 2 * frame, 700_000 - 2 * 262_144], ['its last tags', header + 700_000 + 2 * 32, 32],
  ];
  for (const [what, from, length] of places) {
    test(`${what}: detected wherever it is`, { timeout: 60_000 }, async () => {
      for (const at of [0, 1, 2].map((nth) => from * 8 + (nth === 0 ? 0 : nth === 1 ? length * 8 - 1 : randomBytes(4).readUInt32BE() % (length * 8)))) {
        const came = await withBytes(flipped(original, at), () => refusesOrBreaks());
        assert.equal(came, at < (header + frame) * 8 ? 'refused' : 'broken', `bit ${at}`);
      }
    });
  }
  test('a part that does not touch it comes as it was; one that does is refused', async () => {
    await withBytes(flipped(original, (header + frame + 100) * 8), async () => {
      assert.ok((await caller.content(file.id, { range: 'bytes=0-999' })).bytes.equals(content.subarray(0, 1000)));
      assert.equal(await refusesOrBreaks(file.id, 'bytes=262144-262200'), 'refused');
    });
  });
  after(unharmed);
});

describe('frames', () => {
  const frames = (): Buffer[] => [0, 1, 2].map((n) => original.subarray(header + n * frame, header + (n + 1) * frame));
  const made: [what: string, make: (head: Buffer, each: [Buffer, Buffer, Buffer]) => Buffer[]][] = [
    ['two exchanged', (head, [a, b, c]) => [head, b, a, c]], ['the last left out', (head, [a, b]) => [head, a, b]], ['one left out', (head, [a, , c]) => [head, a, c]], ['the first left out', (head, [, b, c]) => [head, b, c]],
    ['one repeated', (head, [a, b, c]) => [head, a, b, b, c]], ['the last repeated', (head, [a, b, c]) => [head, a, b, c, c]], ['bytes added', (head, [a, b, c]) => [head, a, b, c, Buffer.alloc(40)]],
    ['one byte added', (head, [a, b, c]) => [head, a, b, c, Buffer.alloc(1)]], ['cut by a byte', (head, [a, b, c]) => [head, a, b, c.subarray(0, -1)]], ['cut in a frame', (head, [a, b]) => [head, a, b.subarray(0, 1000)]],
    ['the header alone', (head) => [head]], ['half a header', (head) => [head.subarray(0, 70)]], ['nothing', () => []], ['zeros of the same length', () => [Buffer.alloc(original.length)]],
  ];
  for (const [what, make] of made) {
    test(what, async () => { await withBytes(Buffer.concat(make(original.subarray(0, header), frames() as [Buffer, Buffer, Buffer])), () => refusesOrBreaks()); });
  }
  after(unharmed);
});

describe('the object of another file in its place', () => {
  for (const [whose, by] of [['the same project', () => caller], ['another project', () => stranger]] as const) {
    test(`of ${whose}`, async () => {
      const other = await atRest(installation, await by().stored(randomBytes(700_000)));
      await withBytes(readFileSync(other.bytes), async () => assert.equal(await refusesOrBreaks(), 'refused'));
      writeFileSync(stored.keys, readFileSync(other.keys));
      try {
        await withBytes(readFileSync(other.bytes), async () => assert.equal(await refusesOrBreaks(), 'refused'));
        assert.equal(await refusesOrBreaks(), 'refused');
      } finally { writeFileSync(stored.keys, keys); }
    });
  }
  test('the same file\'s own part, sealed for another purpose', async () => {
    const upload = await caller.begin(content.length);
    const { id } = await caller.part(upload.id, content);
    const [part] = await partsAtRest(installation, upload.id);
    assert.ok(part);
    await withBytes(readFileSync(part.bytes), async () => assert.equal(await refusesOrBreaks(), 'refused'));
    writeFileSync(part.bytes, flipped(readFileSync(part.bytes), 5000));
    assert.equal((await caller.complete(upload.id, [id])).code, 'sealed_data_invalid', 'a changed part becomes no file');
    await caller.cancel(upload.id);
  });
  after(unharmed);
});

test('bytes that are not there are no bytes: told, and nothing is made of it', async () => {
  renameSync(stored.bytes, `${stored.bytes}.away`);
  const answer = await caller.content(file.id);
  renameSync(`${stored.bytes}.away`, stored.bytes);
  assert.equal(answer.code, 'file_not_found');
  await unharmed();
});

describe('the record of its keys', () => {
  /** Places of text between quotation marks behind a name: what is wrapped, its nonce, its tag, whose it is. */
  const values = (): { name: string; at: number; length: number }[] => [...keys.toString('latin1').matchAll(/"(\w+)":"([^"]*)"/g)].map((match) => ({ name: match[1] ?? '', at: match.index + (match[1]?.length ?? 0) + 4, length: match[2]?.length ?? 0 }));
  test('one bit of each value', { timeout: 60_000 }, async () => {
    for (const { name, at, length } of values()) {
      if (name === 'createdAt') continue;
      for (const byte of [at, at + (length >> 1)]) {
        writeFileSync(stored.keys, flipped(keys, byte * 8));
        const { status, code, bytes } = await caller.content(file.id);
        writeFileSync(stored.keys, keys);
        assert.ok(status >= 400 && !bytes.equals(content), `${name}: ${status}`);
        assert.equal(code, 'sealed_data_invalid', name);
      }
    }
  });
  test('cut, empty, no JSON', async () => {
    for (const text of ['', '{}', '[', keys.subarray(0, 100)]) {
      writeFileSync(stored.keys, text);
      assert.equal((await caller.content(file.id)).code, 'sealed_data_invalid');
    }
    writeFileSync(stored.keys, keys);
  });
  after(unharmed);
});

/** After records that custody has opened before are changed, it must read them again: at its next start. */
async function restart(name: 'key-custody'): Promise<void> {
  const found = (await installation.processes()).find((each) => each.name === name);
  process.kill(found?.pid ?? 0, 'SIGKILL');
  await until(`${name} again`, async () => { const now = (await installation.processes()).find((each) => each.name === name); return now && now.pid > 0 && now.pid !== found?.pid; });
  await until('custody answers', async () => (await caller.ask('GET', '/api/encryption')).status !== 503);
}

describe('a platform key', () => {
  for (const chain of ['platform', 'stand_in']) {
    test(`${chain}: a changed bit, another project's, none at all`, { timeout: 120_000 }, async () => {
      const at = (project: string): string => join(installation.data, dataLayout.keys, 'platform', project, chain);
      const path = join(at(stored.project), readdirSync(at(stored.project))[0] ?? '');
      const record = readFileSync(path);
      const text = record.toString('latin1');
      const others = await atRest(installation, await stranger.stored('x'));
      for (const bytes of [flipped(record, (text.indexOf('"ciphertext":"') + 20) * 8), flipped(record, (text.indexOf('"tag":"') + 10) * 8), readFileSync(join(at(others.project), '1.json'))]) {
        rmSync(path);
        writeFileSync(path, bytes, { mode: 0o600 });
        await restart('key-custody');
        const answer = await caller.content(file.id);
        assert.ok(answer.status >= 400 && answer.code !== 'internal_error', `${answer.status} ${answer.code ?? ''}`);
        assert.equal((await stranger.upload('still here')).status, 200, 'other projects go on');
      }
      rmSync(path);
      writeFileSync(path, record, { mode: 0o600 });
      await restart('key-custody');
      assert.ok((await caller.content(file.id)).bytes.equals(content));
    });
  }
});

describe('the record of a customer-managed key', () => {
  test('changed: the project is closed, the others go on, and put back it opens', { timeout: 120_000 }, async () => {
    const keyFile = join(folder, 'customer.key');
    createKeyFile(keyFile);
    const administrator = Caller.local(installation, 'other');
    const mine = await stranger.stored('under the customer\'s key');
    accepted(await administrator.ask('POST', '/api/encryption/customer-key', { settings: { provider: 'file', path: keyFile } }));
    const { project, keys: wrapped } = await atRest(installation, mine);
    const record = readFileSync(wrapped);
    const inner = record.toString('latin1').indexOf('"customer"');
    writeFileSync(wrapped, flipped(record, (record.toString('latin1').indexOf('"ciphertext":"', inner) + 16) * 8));
    assert.equal((await stranger.content(mine.id)).code, 'sealed_data_invalid');
    writeFileSync(wrapped, record);
    assert.equal((await stranger.content(mine.id)).status, 200);
    const path = join(installation.data, dataLayout.keys, 'customer', `${project}.json`);
    const kept = readFileSync(path);
    for (const bytes of [Buffer.from('{'), Buffer.alloc(0), Buffer.from(kept.toString().replace('"active":1', '"active":"1"')), flipped(kept, (kept.toString('latin1').indexOf('"ciphertext":"') + 16) * 8)]) {
      writeFileSync(path, bytes);
      await restart('key-custody');
      assert.equal((await stranger.content(mine.id)).code, 'sealed_data_invalid');
      assert.equal((await stranger.upload('new')).code, 'sealed_data_invalid', 'nothing is stored under another key than the customer\'s');
      assert.ok((await caller.content(file.id)).bytes.equals(content), 'another project goes on');
    }
    writeFileSync(path, kept);
    await restart('key-custody');
    assert.equal((await stranger.content(mine.id)).bytes.toString(), 'under the customer\'s key');
    writeFileSync(keyFile, readFileSync(keyFile, 'utf8').replace('"enabled"', '"disabled"'));
    await until('the refusal is noticed', async () => accepted<{ customerKey: { state: string } }>(await administrator.ask('GET', '/api/encryption')).customerKey.state === 'denied');
    await administrator.close();
  });
});
