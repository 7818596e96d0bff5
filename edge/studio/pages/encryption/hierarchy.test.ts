import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KeyState } from '#contract/http/encryption.ts';
import { hierarchyOf, inWords } from './hierarchy.ts';
import { layoutOf, lineHeight } from './layout.ts';
import { states } from '../../encryption/words.ts';
import type { Encryption } from '../../encryption/words.ts';

const at = '2026-01-02T03:04:05.000Z';
const platform: Encryption = { project: 'default', platformKey: { version: 3, since: at, dataKeys: 14 }, customerLayer: { by: 'platform', version: '2', dataKeys: 14 }, customerKey: null, rotation: null };
const customer = (state: KeyState): Encryption => ({
  ...platform, customerLayer: { by: 'customer', version: '7', dataKeys: 14 },
  customerKey: { settings: { provider: 'vault', address: 'https://vault.example', mount: 'transit', key: 'studio' }, state, kid: 'vault:transit/studio/7', checkedAt: at, since: at, onDenied: 'keep', developmentOnly: false },
});
const all = [platform, ...KeyState.options.map(customer)];

test('whatever does not let the key be used closes the customer\'s layer and the files, and says by which word', () => {
  for (const state of KeyState.options) {
    const hierarchy = hierarchyOf(customer(state));
    assert.deepEqual(hierarchy.boxes.filter(({ closed }) => closed).map(({ id }) => id), state === 'enabled' ? [] : ['own', 'customer-data', 'files'], state);
    assert.ok(inWords(hierarchy).includes(`Customer-managed key, ${states[state].word}, `));
  }
  assert.equal(hierarchyOf(platform).boxes.some(({ closed }) => closed), false);
});

test('boxes overlap at no width, arrows lead from one to the next, and words stay inside', () => {
  fc.assert(fc.property(fc.constantFrom(...all), fc.integer({ min: 240, max: 1200 }), (encryption, width) => {
    const { placed, arrows, height } = layoutOf(hierarchyOf(encryption), width);
    assert.equal(arrows.length, 6);
    for (const [i, a] of placed.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width + 0.001 && a.y + a.height <= height && a.lines.length * lineHeight < a.height);
      for (const b of placed.slice(i + 1)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${a.box.id} and ${b.box.id}`);
    }
  }));
});
