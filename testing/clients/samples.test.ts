/** The programs that the studio prints for a deployment: each is run as it stands, over loopback and over TLS with the installation's own authority. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { samplesOf } from '#edge/studio/samples/samples.ts';
import type { Endpoint, Sample } from '#edge/studio/samples/samples.ts';
import { Installation, project } from '../installation.ts';
import type { Outcome } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';

/** In the project's folder, where the SDKs are. */
const run = async (file: string, args: string[], env: NodeJS.ProcessEnv): Promise<Outcome> => await new Promise((resolve) => {
  execFile(file, args, { cwd: project, env: { ...process.env, ...env } }, (error, stdout, stderr) => resolve({ code: error ? 1 : 0, stdout, stderr }));
});
async function runSample({ runs, code }: Sample, authority: string | undefined): Promise<Outcome> {
  const env = authority === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority, CURL_CA_BUNDLE: authority };
  return runs === 'shell' ? await run('sh', ['-c', code], env) : await run(process.execPath, ['--input-type=module', '--eval', code], env);
}

/** What the sample of a task says when it works. */
const said: Record<Endpoint['task'], Partial<Record<Sample['id'], RegExp>> & { other: RegExp }> = {
  'chat-completion': { curl: /^data: .*"delta"[\s\S]*\[DONE\]/, other: /\S/ }, 'text-generation': { curl: /^data: .*"text"[\s\S]*\[DONE\]/, other: /\S/ }, embeddings: { curl: /"embedding": ?\[-?0\.\d/, other: /^\[\s*-?0\.\d/ },
};

for (const [transport, args] of Object.entries({ 'over loopback': [], 'over TLS': ['--tls'] })) {
  describe(`samples ${transport}`, { timeout: 300_000 }, () => {
    let installation: Installation;
    const endpoints: (Deployed & Endpoint)[] = [];
    before(async () => {
      installation = await Installation.start({ args });
      const model = await ensureModel(installation, 'smollm2-135m-instruct');
      // A short context bounds what a talkative model says.
      endpoints.push({ ...await deploy(installation, model, 'chat', '--context', '256'), task: 'chat-completion' }, { ...await deploy(installation, model, 'text', '--context', '256'), task: 'text-generation' });
      endpoints.push({ ...await deploy(installation, await ensureModel(installation, 'all-minilm-l6-v2'), 'vectors'), task: 'embeddings' });
    });
    after(async () => { await installation.remove(); });

    for (const task of ['chat-completion', 'text-generation', 'embeddings'] as const) {
      for (const id of samplesOf({ name: 'x', baseUrl: 'http://x/v1', task }).filter(({ runs }) => runs !== 'python').map(({ id }) => id)) {
        test(`${id}, ${task}`, async () => {
          const endpoint = endpoints.find((each) => each.task === task);
          assert.ok(endpoint);
          const sample = samplesOf(endpoint, endpoint.primaryKey).find((each) => each.id === id);
          assert.ok(sample);
          const outcome = await runSample(sample, installation.tls ? join(installation.data, 'ca.pem') : undefined);
          assert.equal(outcome.code, 0, outcome.stderr);
          assert.match(outcome.stdout, said[task][id] ?? said[task].other);
        });
      }
    }
  });
}
