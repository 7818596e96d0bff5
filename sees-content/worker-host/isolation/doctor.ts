/** Prints, as one JSON document, what this machine can enforce for a worker: found by starting one and attacking from inside it. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import type { Finding } from '#contract/internal/isolation-profile.ts';
import { Worker } from '../worker.ts';
import { forcedTier } from './config.ts';
import { detectEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';

interface Check { name: string; state: 'good' | 'weaker' | 'bad'; says: string; repair?: string }

const read = (path: string): string => { try { return readFileSync(path, 'utf8').trim(); } catch { return ''; } };

function kernelChecks(environment: Environment): Check[] {
  const swaps = read('/proc/swaps').split('\n').slice(1).filter((line) => line !== '');
  const encrypted = swaps.length > 0 && swaps.every((line) => line.startsWith('/dev/dm-') || line.startsWith('/dev/zram'));
  const pattern = read('/proc/sys/kernel/core_pattern');
  return [
    { name: 'kernel', state: environment.landlockAbi > 0 && environment.seccomp ? 'good' : 'bad', says: `${release()}, Landlock ABI ${environment.landlockAbi}, seccomp ${environment.seccomp ? 'yes' : 'no'}`,
      ...(environment.landlockAbi > 0 ? {} : { repair: 'Landlock needs Linux 5.13 or newer with "landlock" in the kernel parameter lsm=' }) },
    environment.bubblewrap !== null ? { name: 'bubblewrap', state: 'good', says: `${environment.bubblewrap}: workers get a file system and process tree of their own` }
      : { name: 'bubblewrap', state: 'weaker', says: 'not usable: tier B is used, in which Landlock and seccomp carry the guarantees', repair: 'apt-get install bubblewrap' },
    environment.cgroups !== null ? { name: 'control groups', state: 'good', says: `${environment.cgroups.version}: memory and number of tasks are limited by the kernel's groups` }
      : { name: 'control groups', state: 'weaker', says: 'not writable: resource limits are used instead', repair: 'run as root, or delegate a control group to this user' },
    { name: 'swap', state: swaps.length === 0 || encrypted ? 'good' : 'weaker', says: swaps.length === 0 ? 'none: memory is never written to a disk' : encrypted ? 'encrypted or in memory' : 'plain: memory of workers can reach the disk', ...(swaps.length === 0 || encrypted ? {} : { repair: 'swapoff -a, or put swap on an encrypted device' }) },
    { name: 'core pattern', state: 'good', says: pattern.startsWith('|') ? 'a program: the limit of 1 that workers run under keeps it from receiving anything' : 'a file: the limit that workers run under forbids it' },
  ];
}

function findingCheck(finding: Finding): Check {
  const name = finding.guarantee.replaceAll('_', ' ');
  if (finding.status === 'enforced') return { name, state: 'good', says: `by ${finding.mechanisms.join(', ').replaceAll('_', ' ')}` };
  const repairs: Partial<Record<Finding['guarantee'], string>> = { own_uid: 'run modelkeep as root (workers then get a uid of their own), with the project in a folder that other users can enter', no_foreign_processes: 'apt-get install bubblewrap' };
  const repair = repairs[finding.guarantee];
  return { name, state: finding.required ? 'bad' : 'weaker', says: finding.status.replace('_', ' '), ...(repair === undefined ? {} : { repair }) };
}

const environment = detectEnvironment(forcedTier());
const spec = { worker: 'sees-content/inference-worker/main.ts', weightsPath: null, uidOffset: 4999, memoryLimit: 2 ** 31, threads: 1 };
let findings: Check[];
try { findings = (await Worker.examine(spec, environment)).findings.map(findingCheck); } catch { findings = [{ name: 'sandbox', state: 'bad', says: 'a sandboxed worker could not be started here' }]; }
process.stdout.write(`${JSON.stringify({ tier: environment.tier, checks: [...kernelChecks(environment), ...findings] })}\n`);
process.exit(0);
