/** The root key of the installation: 32 random bytes in a file that only its owner can read. Everything else is derived. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { events } from './events.ts';
import { keyFiles, readKeyFile, writeKeyFile } from './key-file.ts';
import { KeysUnreadable } from './keys-unreadable.ts';

/**
 * Opens the root key in `folder`, creating it in an empty one. `used`: the installation has been started before, so a key that is not there
 * was lost, and a new one would quietly invalidate every credential.
 * @throws KeysUnreadable
 */
export function openRootKey(folder: string, used = false): Buffer {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = keyFiles(folder);
  if (!names.includes('root.key')) {
    if (used || names.length > 0) throw new KeysUnreadable('missing');
    create(join(folder, 'root.key'));
  }
  const key = readKeyFile(join(folder, 'root.key'));
  if (key.length !== 32) throw new KeysUnreadable('length');
  return key;
}

/** Where two start at once, one key wins and both use it. */
function create(path: string): void {
  try {
    writeKeyFile(path, randomBytes(32), 0o400, true);
    events.rootKeyCreated();
  } catch (error) { if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new KeysUnreadable('access'); }
}
