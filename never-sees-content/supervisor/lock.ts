/** One `modelkeep up` on a data folder: a kernel lock held by a child that lives exactly as long as we do. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** Somebody else holds the lock. */
export class AlreadyRunning extends Error {}

/** The child ends with its standard input, so the kernel releases the lock when this process ends, however it ends. */
function holder(path: string): ChildProcess {
  // A group of its own: an interrupt typed at the terminal must not release the lock before everything has stopped.
  return spawn('flock', ['--nonblock', '--exclusive', '--conflict-exit-code', '75', '--no-fork', path, 'cat'], { stdio: ['pipe', 'pipe', 'ignore'], detached: true });
}

/**
 * Resolves once the lock is ours. `onLost`: somebody killed the child that holds it.
 * @throws AlreadyRunning
 */
export async function holdLock(path: string, onLost: () => void): Promise<void> {
  const child = holder(path);
  child.stdin?.on('error', () => undefined).write('held\n');
  await new Promise<void>((resolve, reject) => {
    child.once('error', () => reject(new Error('flock was not found. Modelkeep needs util-linux: flock, prlimit, setpriv and unshare.')));
    child.once('exit', (code) => reject(code === 75 ? new AlreadyRunning() : new Error(`${path} could not be locked.`)));
    child.stdout?.once('data', () => resolve());
  });
  child.once('exit', onLost);
}
