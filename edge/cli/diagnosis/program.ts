/** Another program's answer, half a minute at most. */
import { execFile } from 'node:child_process';

export async function run(file: string, args: string[]): Promise<{ ok: boolean; text: string }> {
  return await new Promise((resolve) => execFile(file, args, { timeout: 30_000 }, (error, stdout) => resolve({ ok: error === null, text: stdout })));
}
