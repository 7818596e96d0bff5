/** A catalog as large as a big organisation's: made-up models, imported by the API through the installation's own door. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { sockets } from '#contract/installation.ts';
import type { Installation } from '../installation.ts';

const families = ['Heron', 'Otter', 'Cedar', 'Quartz', 'Lynx', 'Maple', 'Basalt', 'Finch'];
const licences = ['Apache-2.0', 'MIT', 'LicenseRef-own', 'CC-BY-4.0'];
const tasks = ['chat-completion', 'embeddings', 'text-generation'];
const at = <T>(values: readonly T[], i: number): T => { const value = values[i % values.length]; assert.ok(value !== undefined); return value; };

export const madeUp = (i: number): object => ({
  name: `made-up-${String(i).padStart(5, '0')}`, version: '1', displayName: `${at(families, i)} ${i}`, publisher: `Publisher ${i % 97}`, summary: `A made-up model of the family ${at(families, i)}, the ${i}th of them.`,
  task: at(tasks, i), licence: at(licences, Math.floor(i / 3)), parameters: (i % 70 + 1) * 1e8, contextLength: 4096, format: 'gguf', card: `# ${at(families, i)} ${i}\n\n${'Nothing of it is true. '.repeat(40)}`,
  files: [{ role: 'weights', size: (i % 70 + 1) * 6e7, source: { type: 'huggingface', repository: 'acme/made-up', revision: 'main', path: `${i}.gguf` } }],
});

/** Imports them as the user of the installation does. */
export async function importModels(installation: Installation, manifests: readonly object[], concurrency = 32): Promise<void> {
  const agent = new Agent({ connect: { socketPath: join(installation.run, sockets.gateway) }, connections: concurrency });
  const waiting = manifests.values();
  try {
    await Promise.all(Array.from({ length: concurrency }, async () => {
      for (const manifest of waiting) {
        const answer = await request('http://modelkeep/api/models', { dispatcher: agent, method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(manifest) });
        const text = await answer.body.text();
        assert.equal(answer.statusCode, 201, text);
      }
    }));
  } finally { await agent.close(); }
}
