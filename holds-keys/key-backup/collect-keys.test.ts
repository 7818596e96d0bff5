import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeKeyFile } from '../custody/key-file.ts';
import { collectKeys } from './collect-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'mk-keys-'));
const keys = join(folder, 'keys');
after(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  rmSync(keys, { recursive: true, force: true });
  mkdirSync(join(keys, 'data'), { recursive: true });
  writeKeyFile(join(keys, 'root.key'), Buffer.alloc(32, 7), 0o400);
  writeKeyFile(join(keys, 'data/one'), 'first', 0o400);
});

test('every file with its mode, and nothing that a writer has not finished', async () => {
  writeFileSync(join(keys, `data/two.making-${'0'.repeat(16)}`), 'half', { mode: 0o400 });
  assert.deepEqual((await collectKeys(keys)).map(({ path, mode, contents }) => [path, mode, contents.length]), [['data/one', 0o400, 5], ['root.key', 0o400, 32]]);
});

test('all files are of one moment, while another process writes one after the other', async () => {
  const program = `import { writeKeyFile } from '${new URL('../custody/key-file.ts', import.meta.url).href}';
    for (let i = 0; ; i++) { for (const name of ['one', 'two']) { writeKeyFile(process.argv[1] + '/data/' + name, String(i), 0o400); await new Promise((r) => setTimeout(r, 30)); } }`;
  const writer = spawn(process.execPath, ['--no-warnings', '--input-type=module-typescript', '-e', program, keys], { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    while (!existsSync(join(keys, 'data/two'))) await sleep(20);
    const seen = new Set<number>();
    // A quick machine reads two hundred times between two writings.
    for (let i = 0, deadline = Date.now() + 20_000; i < 200 || (seen.size < 2 && Date.now() < deadline); i++) {
      const found = Object.fromEntries((await collectKeys(keys)).map(({ path, contents }) => [path, Number(contents)]));
      const ahead = (found['data/one'] ?? 0) - (found['data/two'] ?? 0);
      assert.ok(ahead === 0 || ahead === 1, String(ahead));
      seen.add(found['data/one'] ?? 0);
    }
    assert.ok(seen.size > 1, 'it was written meanwhile');
  } finally { const ended = once(writer, 'exit'); writer.kill('SIGKILL'); await ended; }
});

test('a key that others may read, and what is no file, are refused', async () => {
  chmodSync(join(keys, 'data/one'), 0o440);
  await assert.rejects(collectKeys(keys), { code: 'keys_unreadable' });
  chmodSync(join(keys, 'data/one'), 0o400);
  symlinkSync('/etc/passwd', join(keys, 'data/link'));
  await assert.rejects(collectKeys(keys), { code: 'keys_unreadable' });
  await assert.rejects(collectKeys(join(folder, 'none')), { code: 'no_keys' });
});
