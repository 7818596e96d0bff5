/** A key in a real PKCS#11 token keeps the contract, and the library's program may die or hang at any time. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, renameSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ProviderError } from '#keys/providers/provider.ts';
import { Pkcs11Provider } from '#keys/providers/pkcs11/pkcs11-provider.ts';
import { descendants } from '../canary/search.ts';
import { providerContract } from './contract-suite.ts';
import type { ProviderUnderTest } from './contract-suite.ts';
import { destroyVersions, makeKey, makeProvider, makeToken, readKey, setUse, skip, slotOf, tokens } from './softhsm-token.ts';
import type { Token } from './softhsm-token.ts';

const context = { project: 'prj_1', purpose: 'file', object: 'fil_1', layer: 'customer' };
const commandLine = (pid: number): string => { try { return readFileSync(`/proc/${pid}/cmdline`, 'latin1'); } catch { return ''; } };
/** Processes that have this token's library loaded. */
const programs = ({ link }: Token): number[] => descendants(process.pid).filter((pid) => commandLine(pid).includes(link));
const signal = (token: Token, name: NodeJS.Signals): void => { for (const pid of programs(token)) process.kill(pid, name); };
const failed = (code: string, says = /./) => (error: unknown): boolean => error instanceof ProviderError && error.code === code && says.test(error.message);

async function made(): Promise<ProviderUnderTest> {
  const token = makeToken();
  const provider = await makeProvider(token);
  return {
    provider, secrets: [token.pin],
    disable: async () => await Promise.resolve(setUse(token, false)),
    enable: async () => await Promise.resolve(setUse(token, true)),
    destroyVersions: async () => await Promise.resolve(destroyVersions(token)),
    breakNetwork: async () => { renameSync(token.link, `${token.link}.away`); return await Promise.resolve(); },
    restoreNetwork: async () => { renameSync(`${token.link}.away`, token.link); return await Promise.resolve(); },
    stop: () => provider.close(),
  };
}
providerContract('PKCS#11 (SoftHSM2)', made, skip);

describe('PKCS#11', { skip: skip ?? false }, () => {
  test('the key of each version stays in the token', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    await provider.rotate();
    const sensitive = 0x11;
    assert.deepEqual(readKey(token), [sensitive, sensitive]);
  });

  test('the library\'s program is killed: the call that was under way is unreachable, the next one works', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    const key = randomBytes(32);
    const wrapped = await provider.wrap(key, context);
    signal(token, 'SIGSTOP');
    const under = assert.rejects(provider.unwrap(wrapped, context), failed('unreachable'));
    signal(token, 'SIGKILL');
    await under;
    assert.deepEqual(await provider.unwrap(wrapped, context), key);
    await provider.close();
    assert.deepEqual(programs(token), [], 'closed, it has ended');
  });

  test('the library hangs: all who wait get unreachable, the program is ended, the next call works', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token, { timeoutMs: 5000 });
    t.after(() => provider.close());
    const key = randomBytes(32);
    const wrapped = await provider.wrap(key, context);
    const [hanging] = programs(token);
    signal(token, 'SIGSTOP');
    await Promise.all([1, 2, 3].map(() => assert.rejects(provider.unwrap(wrapped, context), failed('unreachable', /no answer in time/))));
    assert.deepEqual(await provider.unwrap(wrapped, context), key);
    assert.ok(!programs(token).includes(hanging ?? 0));
  });

  test('a hanging library ends with the process that uses it, however that ends', { timeout: 20_000 }, async (t) => {
    const token = makeToken();
    await (await makeProvider(token)).close();
    const host = spawn(process.execPath, [fileURLToPath(new URL('library-host.ts', import.meta.url)), JSON.stringify(token)], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => host.kill('SIGKILL'));
    await once(host.stdout, 'data');
    const started = programs(token).filter((pid) => pid !== host.pid);
    assert.equal(started.length, 1);
    for (const pid of started) process.kill(pid, 'SIGSTOP');
    host.kill('SIGKILL');
    while (started.some((pid) => commandLine(pid) !== '')) await sleep(10);
  });

  test('a wrong PIN is denied at once, and presented to the token once only', { timeout: 20_000 }, async (t) => {
    const token = makeToken();
    await (await makeProvider(token)).close();
    const provider = new Pkcs11Provider(token.settings, `${token.pin}x`);
    t.after(() => provider.close());
    await assert.rejects(provider.current(), failed('denied', /C_Login answered 0xa0/));
    while (programs(token).length > 0) await sleep(10);
    for (const again of [() => provider.current(), () => provider.wrap(randomBytes(32), context)]) {
      const refused = assert.rejects(again(), failed('denied'));
      assert.deepEqual(programs(token), [], 'nothing is started that would present it');
      await refused;
    }
  });

  test('neither PIN nor keys are in the arguments or the environment of the library\'s program', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    const [pid] = programs(token);
    const shown = commandLine(pid ?? 0) + readFileSync(`/proc/${pid ?? 0}/environ`, 'latin1');
    assert.match(shown, /SOFTHSM2_CONF/);
    assert.ok(!shown.includes(token.pin));
    assert.deepEqual(commandLine(pid ?? 0).split('\0').slice(2), [token.link, '']);
  });

  test('a retired version that may only decrypt still unwraps', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    const key = randomBytes(32);
    const wrapped = await provider.wrap(key, context);
    setUse(token, false, ['CKA_ENCRYPT']);
    await assert.rejects(provider.wrap(key, context), failed('disabled', /C_EncryptInit answered 0x68/));
    assert.deepEqual(await provider.unwrap(wrapped, context), key);
  });

  test('a key that the token\'s own tools have made is used, and rotation makes a newer one whatever id it has', async (t) => {
    for (const id of ['01', 'ffffffffffffffffffff']) {
      const token = makeToken();
      makeKey(token, id);
      const provider = new Pkcs11Provider(token.settings, token.pin);
      t.after(() => provider.close());
      const key = randomBytes(32);
      const wrapped = await provider.wrap(key, context);
      assert.equal(wrapped.kid, `pkcs11:token=${token.label};object=customer;id=${id.replace(/../g, '%$&')}`);
      assert.notEqual(await provider.rotate(), wrapped.kid);
      assert.notEqual((await provider.wrap(key, context)).kid, wrapped.kid);
      assert.deepEqual(await provider.unwrap(wrapped, context), key);
    }
  });

  test('two keys that could both be meant are neither', async (t) => {
    const token = makeToken();
    for (const id of ['01', '01']) makeKey(token, id);
    const provider = new Pkcs11Provider(token.settings, token.pin);
    t.after(() => provider.close());
    await assert.rejects(provider.wrap(randomBytes(32), context), failed('misconfigured', /key ambiguous/));
  });

  test('a token by its slot is the same token, with the same names of keys', async (t) => {
    const token = makeToken();
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    const bySlot = new Pkcs11Provider({ ...token.settings, token: { slot: slotOf(token) } }, token.pin);
    t.after(() => bySlot.close());
    const key = randomBytes(32);
    assert.deepEqual(await bySlot.unwrap(await provider.wrap(key, context), context), key);
  });

  test('the token is taken out: no key is missing then, it cannot be asked; put back, all is there', async (t) => {
    const token = makeToken();
    const key = randomBytes(32);
    const provider = await makeProvider(token);
    t.after(() => provider.close());
    const wrapped = await provider.wrap(key, context);
    renameSync(tokens, `${tokens}.away`);
    try { await assert.rejects(provider.unwrap(wrapped, context), failed('unreachable')); } finally { renameSync(`${tokens}.away`, tokens); }
    assert.deepEqual(await provider.unwrap(wrapped, context), key);
  });

  test('what is not there is named: the library, the token, the key', async () => {
    const token = makeToken();
    const { settings, pin } = token;
    for (const [wrong, code, says] of [
      [{ library: '/nowhere/lib.so' }, 'unreachable', /library not found at \/nowhere\/lib\.so/], [{ library: '/etc/passwd' }, 'misconfigured', /no usable PKCS#11 library at \/etc\/passwd/],
      [{ token: { label: 'another' } }, 'unreachable', /token not found/], [{ key: 'another' }, 'key_not_found', /key not found/],
    ] as const) {
      const provider = new Pkcs11Provider({ ...settings, ...wrong }, pin);
      await assert.rejects(provider.current(), failed(code, says));
      await provider.close();
    }
  });
});

test('settings that cannot be meant are misconfigured before anything starts', () => {
  const settings = { library: '/usr/lib/lib.so', token: { label: 'token' }, key: 'customer' };
  for (const wrong of [{ library: 'lib.so' }, { token: { label: '' } }, { token: { slot: -1 } }, { key: '' }, { configuration: { variable: 'LD_PRELOAD', path: '/x' } }, { timeoutMs: 0 }]) {
    assert.throws(() => new Pkcs11Provider({ ...settings, ...wrong } as never, '1234'), failed('misconfigured'), JSON.stringify(wrong));
  }
  assert.throws(() => new Pkcs11Provider(settings, ''), failed('misconfigured', /pin/));
});
