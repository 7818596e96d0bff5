/** What this code seals is what another implementation made of the same document, and opens so. */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, test } from 'node:test';
import { startLayers } from './layers.ts';
import { identityOf, keys, opened, plainOf, refusedBytes, sealVector, vectorNamed, vectors } from './sealing-under-test.ts';

for (const vector of vectors.objects) {
  test(`an object of ${vector.plain_size} bytes (${vector.name}) is sealed to the very bytes of the vector, and opens`, async () => {
    const sealed = await sealVector(vector);
    assert.deepEqual([sealed.length, hash('sha256', sealed)], [vector.sealed_size, vector.sealed_sha256]);
    if (vector.sealed !== undefined) assert.equal(sealed.toString('hex'), vector.sealed);
    const { given, reason } = await opened(sealed, identityOf(vector));
    assert.deepEqual([reason, hash('sha256', given)], [undefined, vector.plain_sha256]);
    assert.ok(given.equals(plainOf(vector.plain_size)));
  });
  test(`frame keys and bindings of ${vector.name} are the vector's`, () => {
    const layers = startLayers(identityOf(vector), keys, { customer: Buffer.from(vector.salts.customer, 'hex'), platform: Buffer.from(vector.salts.platform, 'hex') });
    for (const layer of ['customer', 'platform'] as const) {
      assert.equal(layers[layer].frameKey.toString('hex'), vector.derived[layer].frame_key);
      assert.equal(layers[layer].binding.toString('hex'), vector.derived[layer].binding);
    }
  });
}

describe('does not open', () => {
  for (const refused of vectors.refused) {
    test(`${refused.of}: ${refused.why}`, async () => {
      const vector = vectorNamed(refused.of);
      const { reason } = await opened(refusedBytes(refused, await sealVector(vector)), { ...identityOf(vector), ...refused.identity });
      assert.notEqual(reason, undefined);
    });
  }
});
