/** `tools/open-sealed.mjs`, which shares no code with the product, opens what the product and another implementation sealed, and refuses what they refuse. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seal } from '#content/sealing/seal.ts';
import { collect, identityOf, inPieces, keys, plainOf, refusedBytes, sealVector, vectorNamed, vectors } from '#content/sealing/sealing-under-test.ts';
import type { SealedIdentity } from '#content/sealing/identity.ts';

const tool = fileURLToPath(new URL('../../tools/open-sealed.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'modelkeep-sealed-'));
after(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

/** What the program says of these bytes, and what it wrote. */
function openSealed(sealed: Buffer, identity: SealedIdentity, under = keys): { status: number | null; said: string; plain: Buffer | undefined } {
  writeFileSync(path('sealed'), sealed);
  writeFileSync(path('keys.json'), JSON.stringify({ ...identity, customer: under.customer.toString('hex'), platform: under.platform.toString('hex') }));
  rmSync(path('plain'), { force: true });
  const { status, stderr } = spawnSync(process.execPath, [tool, path('sealed'), path('keys.json'), '-o', path('plain')], { encoding: 'utf8' });
  assert.ok(!existsSync(path('plain.unfinished')));
  return { status, said: stderr, plain: existsSync(path('plain')) ? readFileSync(path('plain')) : undefined };
}

test('it imports nothing but parts of Node, and is short enough to be read', () => {
  const text = readFileSync(tool, 'utf8');
  assert.deepEqual([...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]), ['node:crypto', 'node:fs']);
  assert.ok(text.split('\n').length <= 120);
});

for (const vector of vectors.objects) {
  test(`opens the vector of ${vector.plain_size} bytes (${vector.name})`, async () => {
    const { status, said, plain } = openSealed(vector.sealed === undefined ? await sealVector(vector) : Buffer.from(vector.sealed, 'hex'), identityOf(vector));
    assert.deepEqual([status, said], [0, '']);
    assert.ok(plain?.equals(plainOf(vector.plain_size)));
    assert.equal(statSync(path('plain')).mode & 0o777, 0o600);
  });
}

test('opens an object of random bytes under random keys', async () => {
  const plain = randomBytes(700_000 + randomBytes(2).readUInt16BE());
  const own = { customer: randomBytes(32), platform: randomBytes(32) };
  const whose = { owner: 'prj_ä', purpose: 'adapter', object: 'fil_2' };
  const opened = openSealed(await collect(seal(inPieces(plain), whose, own)), whose, own);
  assert.equal(opened.status, 0);
  assert.ok(opened.plain?.equals(plain));
  assert.deepEqual([openSealed(await collect(seal(inPieces(plain), whose, own)), whose, { ...own, customer: own.platform }).status], [1]);
});

describe('refuses, and writes nothing', () => {
  for (const refused of vectors.refused) {
    test(`${refused.of}: ${refused.why}`, async () => {
      const vector = vectorNamed(refused.of);
      const { status, plain } = openSealed(refusedBytes(refused, await sealVector(vector)), { ...identityOf(vector), ...refused.identity });
      assert.deepEqual([status, plain], [1, undefined]);
    });
  }
  test('keys that are none, without saying anything of them', () => {
    for (const text of ['not json 5ec4e7', '{"customer":"5ec4e7"}', 'null', '[]']) {
      writeFileSync(path('keys.json'), text);
      const { status, stderr } = spawnSync(process.execPath, [tool, path('sealed'), path('keys.json'), '-o', path('plain')], { encoding: 'utf8' });
      assert.equal(status, 2);
      assert.doesNotMatch(stderr, /5ec4e7/);
    }
    assert.equal(spawnSync(process.execPath, [tool, path('sealed')]).status, 2);
  });
});
