/** Programs that source files start, and calls past Node's own modules: ways out that no import of a network module would show. */
import type { Process } from './processes.ts';

export interface Program {
  file: string; process: Process;
  /** `spawns`: starts programs. `native`: calls the system's own functions. `loads`: imports a file whose name is computed. */
  kind: 'spawns' | 'native' | 'loads';
  /** Names of the programs, as the file starts them. */
  programs: readonly string[];
  why: string;
}
const spawns = (process: Process, file: string, programs: string[], why: string): Program => ({ file, process, kind: 'spawns', programs, why });

/** None of these is given an address or data to send. Those that are, are destinations: pip (python_index), and the library of a security module (security_module). */
export const programs: readonly Program[] = [
  spawns('supervisor', 'bin/modelkeep.mjs', ['node'], 'The pinned Node, where another one started it'),
  { file: 'bin/modelkeep.mjs', process: 'supervisor', kind: 'loads', programs: [], why: 'One of the main files of the rooms, named in the file' },
  spawns('supervisor', 'never-sees-content/supervisor/watched-process.ts', ['prlimit'], 'Control, gateway and key-custody, without core files'),
  spawns('supervisor', 'never-sees-content/supervisor/lock.ts', ['flock'], 'The lock of the data folder'),
  spawns('supervisor', 'never-sees-content/supervisor/starter.ts', ['node'], 'The command line, for the first model'),
  spawns('supervisor', 'never-sees-content/storage/embedded-postgres/postgres.ts', ['unshare', 'setpriv'], 'The embedded PostgreSQL, which has a unix socket only'),
  spawns('supervisor', 'never-sees-content/storage/embedded-postgres/cluster.ts', ['unshare', 'setpriv'], 'The files of the embedded PostgreSQL'),
  spawns('gateway', 'sees-content/worker-host/isolation/environment.ts', ['unshare', 'bwrap'], 'What this machine can enforce, tried with /bin/true'),
  spawns('gateway', 'sees-content/worker-host/isolation/launch.ts', ['setpriv', 'bwrap', '/bin/sh'], 'A sandboxed worker, which has no network'),
  spawns('worker', 'sees-content/worker-host/isolation/probe.ts', ['node', '/bin/sh'], 'An attack that the sandbox must refuse'),
  spawns('worker', 'sees-content/inference-worker/prelude.ts', [], 'Nothing: it takes the ability to fork away from the engine'),
  { file: 'sees-content/worker-host/isolation/libc.ts', process: 'worker', kind: 'native', programs: [], why: 'The sandbox itself, and the sockets that the probe tries to open and must not get' },
  { file: 'holds-keys/providers/pkcs11/library/cryptoki.ts', process: 'key-library', kind: 'native', programs: [], why: 'The PKCS#11 library of a customer\'s security module, in a program of its own' },
  spawns('command-line', 'edge/cli/diagnosis/program.ts', ['python3', 'node'], 'What modelkeep doctor asks of the machine: whether pip is there, and what a sandbox could enforce'),
  spawns('command-line', 'edge/cli/audit/run-audit.ts', ['node'], 'The audit'),
  spawns('command-line', 'edge/cli/backup/run-program.ts', ['node'], 'The programs of backups'),
  spawns('backup', 'never-sees-content/supervisor/lock.ts', ['flock'], 'The lock of a data folder that does not run'),
  spawns('backup', 'never-sees-content/storage/embedded-postgres/postgres.ts', ['unshare', 'setpriv'], 'The embedded PostgreSQL of an installation that does not run'),
  spawns('backup', 'never-sees-content/storage/embedded-postgres/cluster.ts', ['unshare', 'setpriv'], 'The files of the embedded PostgreSQL, in a restore'),
  spawns('control', 'never-sees-content/audits/audit-runner.ts', ['node'], 'The audit, on the order of an administrator'),
  spawns('control', 'never-sees-content/health/isolation.ts', ['node'], 'What a sandbox could enforce on this machine, for its health'),
  spawns('control', 'never-sees-content/health/wheels.ts', ['python3'], 'Whether python3 has pip, for its health; it asks for its version and nothing else'),
  spawns('audit', 'never-sees-content/audit/positive-control.ts', ['node'], 'A process that holds strings of the audit\'s own, which it must find there'),
  spawns('verifier', 'edge/verify/bin.mjs', ['node'], 'The same file, by a Node that runs TypeScript'),
];
