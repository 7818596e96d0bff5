/** What every key provider promises, tried on each of them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { probe } from '#keys/providers/probe.ts';
import { ProviderError } from '#keys/providers/provider.ts';
import type { KeyProvider, ProviderFailure, WrapContext, WrappedKey } from '#keys/providers/provider.ts';

/** A provider with a customer's key of its own, and what its administrator can do to that key. */
export interface ProviderUnderTest {
  provider: KeyProvider;
  /** Takes the key, all versions of it, out of use, so that it can come back. */
  disable(): Promise<void>;
  enable(): Promise<void>;
  /** Destroys all versions there are. */
  destroyVersions(): Promise<void>;
  breakNetwork?(): Promise<void>;
  restoreNetwork?(): Promise<void>;
  /** What must never be shown: a PIN, a token. */
  secrets?: readonly string[];
  /** Closes the provider and removes what it needed. */
  stop(): Promise<void>;
}

const context: WrapContext = { project: 'prj_1', purpose: 'file', object: 'fil_1', layer: 'customer' };
const refusals: readonly ProviderFailure[] = ['denied', 'disabled', 'key_not_found', 'tampered'];

function flipped(text: string, bit: number): string {
  const bytes = Buffer.from(text, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return bytes.toString('base64');
}

/** `make` is called a few times; `skip`: why this provider cannot be tried here. */
export function providerContract(name: string, make: () => Promise<ProviderUnderTest>, skip?: string): void {
  describe(`${name} as a key provider`, { skip: skip ?? false }, () => {
    let made: ProviderUnderTest;
    let provider: KeyProvider;
    const key = randomBytes(32);
    const shown: string[] = [];
    before(async () => { made = await make(); provider = made.provider; });
    after(async () => { await made.stop(); });

    async function fails(operation: Promise<unknown>, codes: readonly ProviderFailure[], what?: string): Promise<void> {
      await assert.rejects(operation, (error: unknown) => {
        assert.ok(error instanceof ProviderError, `${what ?? ''}: ${String(error)}`);
        shown.push(error.message, error.stack ?? '', inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error));
        assert.ok(codes.includes(error.code), `${what ?? ''}: ${error.code} is not one of ${codes.join()}`);
        return true;
      });
    }

    test('what was wrapped is unwrapped, under the version that it names, and never wrapped the same way twice', async () => {
      const [one, other] = [await provider.wrap(key, context), await provider.wrap(key, context)];
      assert.deepEqual(await provider.unwrap(one, context), key);
      assert.deepEqual(await provider.unwrap(other, { layer: 'customer', object: 'fil_1', purpose: 'file', project: 'prj_1' }), key, 'the order of fields is no matter');
      assert.equal(one.kid, await provider.current());
      assert.notEqual(one.ciphertext, other.ciphertext);
      assert.equal(await probe(provider, one, context), 'enabled');
      assert.ok(!JSON.stringify(one).includes(key.toString('base64')));
    });

    test('what is wrapped survives being stored as JSON', async () => {
      assert.deepEqual(await provider.unwrap(JSON.parse(JSON.stringify(await provider.wrap(key, context))) as WrappedKey, context), key);
    });

    test('only a data key of 32 bytes is wrapped', async () => {
      for (const length of [0, 16, 31, 33, 64]) await fails(provider.wrap(Buffer.alloc(length, 1), context), ['misconfigured'], `${length} bytes`);
    });

    test('confusion: another context is refused, whatever differs in it', async () => {
      const wrapped = await provider.wrap(key, context);
      const others: WrapContext[] = [...Object.keys(context).map((field) => ({ ...context, [field]: `${context[field] ?? ''}x` })), { ...context, more: '' }, { ...context, project: context['object'] ?? '', object: context['project'] ?? '' }, {}];
      for (const field of Object.keys(context)) others.push(Object.fromEntries(Object.entries(context).filter(([each]) => each !== field)));
      for (const other of others) await fails(provider.unwrap(wrapped, other), ['tampered'], JSON.stringify(other));
    });

    test('corruption: every bit of ciphertext, IV and tag counts, and so does their length', async () => {
      const wrapped = await provider.wrap(key, context);
      for (const part of ['ciphertext', 'iv', 'tag'] as const) {
        const text = wrapped[part];
        if (text === undefined) continue;
        for (let bit = 0; bit < Buffer.from(text, 'base64').length * 8; bit++) await fails(provider.unwrap({ ...wrapped, [part]: flipped(text, bit) }, context), ['tampered'], `${part}, bit ${bit}`);
        const bytes = Buffer.from(text, 'base64');
        for (const other of ['', bytes.subarray(0, -1).toString('base64'), Buffer.concat([bytes, Buffer.alloc(1)]).toString('base64')]) await fails(provider.unwrap({ ...wrapped, [part]: other }, context), ['tampered'], `${part}, length`);
      }
      await fails(provider.unwrap({ ...wrapped, alg: 'none' }, context), ['tampered'], 'alg');
      assert.deepEqual(await provider.unwrap(wrapped, context), key, 'and the whole one is still good');
    });

    test('substitution: another key, and the name of another key, are refused', async () => {
      const other = await make();
      try {
        const [ours, theirs] = [await provider.wrap(key, context), await other.provider.wrap(key, context)];
        await fails(provider.unwrap(theirs, context), refusals, 'theirs');
        if (theirs.kid !== ours.kid) await fails(provider.unwrap({ ...ours, kid: theirs.kid }, context), refusals, 'their name');
        for (const kid of ['', `${ours.kid}0`, `${ours.kid}/../1`, ours.kid.slice(0, -1), 'https://example.org/keys/1']) await fails(provider.unwrap({ ...ours, kid }, context), refusals, kid);
      } finally { await other.stop(); }
    });

    test('concurrency: fifty at once get their own keys back', async () => {
      const keys = Array.from({ length: 50 }, () => randomBytes(32));
      const unwrapped = await Promise.all(keys.map(async (each, index) => {
        const own = { ...context, object: `fil_${index}` };
        return await provider.unwrap(await provider.wrap(each, own), own);
      }));
      assert.deepEqual(unwrapped, keys);
    });

    test('rotation: a new version wraps, the old one still unwraps, and they cannot stand in for each other', async (t) => {
      if (!provider.rotate) { t.skip('its administrator rotates'); return; }
      const old = await provider.wrap(key, context);
      const made = await provider.rotate();
      assert.notEqual(made, old.kid);
      assert.equal(await provider.current(), made);
      const next = await provider.wrap(key, context);
      assert.equal(next.kid, made);
      assert.deepEqual(await provider.unwrap(old, context), key);
      assert.deepEqual(await provider.unwrap(next, context), key);
      for (const mixed of [{ ...old, kid: next.kid }, { ...next, kid: old.kid }]) await fails(provider.unwrap(mixed, context), refusals, 'mixed');
    });

    test('unreachable is told apart from refused, and nothing is lost by it', async (t) => {
      if (!made.breakNetwork || !made.restoreNetwork) { t.skip('it has no network'); return; }
      const wrapped = await provider.wrap(key, context);
      await made.breakNetwork();
      await fails(provider.unwrap(wrapped, context), ['unreachable'], 'unwrap');
      await fails(provider.wrap(key, context), ['unreachable'], 'wrap');
      assert.equal(await probe(provider, wrapped, context), 'unreachable');
      await made.restoreNetwork();
      assert.deepEqual(await provider.unwrap(wrapped, context), key);
    });

    test('a disabled key is refused at once; enabled again, nothing is lost', async () => {
      const wrapped = await provider.wrap(key, context);
      await made.disable();
      await fails(provider.unwrap(wrapped, context), ['disabled', 'denied'], 'unwrap');
      assert.equal(await probe(provider, wrapped, context), 'denied');
      await made.enable();
      assert.deepEqual(await provider.unwrap(wrapped, context), key);
      assert.equal(await probe(provider, wrapped, context), 'enabled');
    });

    test('a destroyed key is gone for good: enabling brings nothing back, and neither does a new version', async () => {
      const wrapped = await provider.wrap(key, context);
      await made.destroyVersions();
      await fails(provider.unwrap(wrapped, context), ['key_not_found', 'denied'], 'unwrap');
      await made.enable().catch(() => undefined);
      await provider.rotate?.().catch(() => undefined);
      await fails(provider.unwrap(wrapped, context), ['key_not_found', 'denied'], 'unwrap, later');
      assert.equal(await probe(provider, wrapped, context), 'denied');
    });

    test('no error that came up shows a key or a secret', () => {
      assert.ok(shown.length > 0);
      for (const secret of [key.toString('base64'), key.toString('hex'), key.toString('latin1'), ...made.secrets ?? []]) assert.ok(!shown.some((text) => text.includes(secret)));
    });
  });
}
