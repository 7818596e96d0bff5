/** The development provider keeps the contract, and what its owner edits in its file holds. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FileProvider } from '#keys/providers/file/file-provider.ts';
import { createKeyFile } from '#keys/providers/file/key-file-format.ts';
import type { KeyFile } from '#keys/providers/file/key-file-format.ts';
import { ProviderError } from '#keys/providers/provider.ts';
import { providerContract } from './contract-suite.ts';
import type { ProviderUnderTest } from './contract-suite.ts';

function made(): ProviderUnderTest & { path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'mk-file-provider-'));
  const path = join(folder, 'customer.key');
  createKeyFile(path);
  const provider = new FileProvider(path);
  const read = (): KeyFile => JSON.parse(readFileSync(path, 'utf8')) as KeyFile;
  const edit = async (change: (version: KeyFile['versions'][number]) => KeyFile['versions'][number]): Promise<void> => {
    const file = read();
    writeFileSync(path, JSON.stringify({ ...file, versions: file.versions.map(change) }));
    return await Promise.resolve();
  };
  return {
    provider, path, secrets: read().versions.flatMap(({ key }) => key ?? []),
    disable: () => edit((version) => ({ ...version, state: 'disabled' })),
    enable: () => edit((version) => (version.key === undefined ? version : { ...version, state: 'enabled' })),
    destroyVersions: () => edit(({ version }) => ({ version, state: 'destroyed' })),
    breakNetwork: async () => { renameSync(path, `${path}.away`); return await Promise.resolve(); },
    restoreNetwork: async () => { renameSync(`${path}.away`, path); return await Promise.resolve(); },
    stop: async () => { await provider.close(); rmSync(folder, { recursive: true }); },
  };
}
const failed = (code: string) => (error: unknown): boolean => error instanceof ProviderError && error.code === code;

providerContract('a file', async () => await Promise.resolve(made()));

test('its file says that it is for development, is its owner\'s alone, and is never made a second time', async (t) => {
  const { path, provider, ...under } = made();
  t.after(() => under.stop());
  assert.equal((JSON.parse(readFileSync(path, 'utf8')) as KeyFile).use, 'development only');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const kid = await provider.current();
  createKeyFile(path);
  assert.equal(await provider.current(), kid);
});

test('exposure and corruption: a file that others may read, or of another form, is misconfigured', async (t) => {
  const { path, provider, ...under } = made();
  t.after(() => under.stop());
  chmodSync(path, 0o644);
  await assert.rejects(provider.current(), failed('misconfigured'));
  chmodSync(path, 0o600);
  for (const text of ['', '{', '{}', '[]', readFileSync(path, 'utf8').replace('development only', 'anything')]) {
    writeFileSync(path, text);
    await assert.rejects(provider.current(), failed('misconfigured'), text);
    await assert.rejects(provider.rotate?.() ?? Promise.resolve(), failed('misconfigured'));
  }
  assert.throws(() => new FileProvider('customer.key'), failed('misconfigured'));
});
