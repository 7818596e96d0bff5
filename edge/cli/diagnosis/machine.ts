/** What an installation needs of the machine besides isolation. */
import { readFileSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { bytes } from '../terminal.ts';
import type { Check } from './check.ts';
import { run } from './program.ts';

const enough = 2e9;

export async function checkWheels(): Promise<Check> {
  const pip = await run('python3', ['-m', 'pip', '--version']);
  return pip.ok ? { name: 'python wheels', state: 'good', says: pip.text.split(' from ')[0]?.trim() ?? '' }
    : { name: 'python wheels', state: 'weaker', says: 'no python3 with pip: models that come inside Python wheels cannot be pulled', repair: 'apt-get install python3-pip' };
}

/** Room where the data folder is or will be. */
export function checkDisk(folder: string): Check {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      const free = bavail * bsize;
      return { name: 'disk', says: `${bytes(free)} free at ${at}`, ...(free > enough ? { state: 'good' } : { state: 'weaker', repair: 'make room, or choose another folder: modelkeep up --data DIR' }) };
    } catch { if (at === dirname(at)) return { name: 'disk', state: 'bad', says: 'the data folder cannot be examined' }; }
  }
}

/** Bytes of memory: what programs can still get, and all there is. */
function memory(): { available: number; total: number } {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { available: read('MemAvailable'), total: read('MemTotal') };
}

export function checkMemory(): Check {
  const { available, total } = memory();
  return { name: 'memory', says: `${bytes(available)} available of ${bytes(total)}`, ...(available > enough ? { state: 'good' } : { state: 'weaker', repair: 'stop other programs, or deploy small models only' }) };
}
