/** Starts a worker, says so, and waits to be killed. */
import { fileURLToPath } from 'node:url';
import { detectEnvironment } from '#content/worker-host/isolation/environment.ts';
import type { Tier } from '#content/worker-host/isolation/environment.ts';
import { Worker } from '#content/worker-host/worker.ts';

await Worker.start({ worker: 'testing/isolation/throw-away-worker.ts', weightsPath: fileURLToPath(import.meta.url), uidOffset: 8, memoryLimit: 2 ** 30, threads: 1 },
  { task: 'text-generation', contextLength: 64, sequences: 1, threads: 1, embeddingLength: null, tools: false }, 'required', detectEnvironment(process.argv[2] as Tier));
process.stdout.write('started\n');
setInterval(() => undefined, 1000);
