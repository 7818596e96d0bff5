/** One `modelkeep up` on a data folder: a kernel lock held by a child that lives exactly as long as we do. */
import { spawn } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';

/** Makes a folder that only this user can enter. Refuses one that somebody else made. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) throw new Error(`${path} belongs to another user`);
  if ((stat.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

/** True once the lock is ours. The kernel releases it when this process ends, however it ends. */
export async function holdLock(path: string): Promise<boolean> {
  const child = spawn('flock', ['--nonblock', '--exclusive', '--conflict-exit-code', '75', '--no-fork', path, 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  return await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve(false));
    child.stdout.once('data', () => { child.unref(); (child.stdout as unknown as { unref(): void }).unref(); (child.stdin as unknown as { unref(): void }).unref(); resolve(true); });
    child.stdin.on('error', () => undefined);
    child.stdin.write('held\n');
  });
}
