/** The client suite over plain loopback, over TLS with the installation's own authority, and through an external engine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Installation } from '../installation.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { clientSuite } from './suite.ts';
import type { Target } from './suite.ts';

let plain: Installation;
let tls: Installation;
const targets: Record<string, Target> = {};

const target = (installation: Installation, token: string, chat: Deployed, embeddings: Deployed): Target =>
  ({ origin: installation.origin, token, chat: { name: chat.name, key: chat.primaryKey }, embeddings: { name: embeddings.name, key: embeddings.secondaryKey } });

async function embedded(installation: Installation): Promise<{ chatModel: string; embeddingModel: string; target: Target }> {
  const chatModel = await ensureModel(installation, 'smollm2-135m-instruct');
  const embeddingModel = await ensureModel(installation, 'all-minilm-l6-v2');
  const { token } = await installation.json<{ token: string }>('tokens', 'create', 'suite');
  const chat = await deploy(installation, chatModel, 'chat', '--context', '2048');
  const embeddings = await deploy(installation, embeddingModel, 'vectors');
  return { chatModel, embeddingModel, target: target(installation, token, chat, embeddings) };
}

before(async () => {
  tls = await Installation.start({ args: ['--tls'] });
  setDefaultCACertificates([...getCACertificates('default'), tls.authority]);
  const far = await embedded(tls);
  plain = await Installation.start();
  const near = await embedded(plain);
  // The other installation is a real OpenAI-compatible server: over TLS with a pinned authority and a credential from a file.
  const credential = join(plain.data, 'engine-credential');
  writeFileSync(credential, far.target.token, { mode: 0o600 });
  const add = async (name: string, model: string, served: string): Promise<Deployed> => {
    await plain.json('engines', 'add', `${name}-engine`, '--url', `${tls.origin}/v1`, '--model', model, '--served-model', served,
      '--credential-file', credential, '--ca-file', join(tls.data, 'ca.pem'));
    return await deploy(plain, model, name, '--engine', `${name}-engine`);
  };
  const chat = await add('far-chat', near.chatModel, 'chat');
  const embeddings = await add('far-vectors', near.embeddingModel, 'vectors');
  targets['plain'] = near.target;
  targets['tls'] = far.target;
  targets['external'] = target(plain, near.target.token, chat, embeddings);
}, { timeout: 400_000 });

after(async () => {
  await plain?.remove();
  await tls?.remove();
});

const at = (name: string) => (): Target => {
  const found = targets[name];
  if (!found) throw new Error('the installation did not start');
  return found;
};
clientSuite('embedded worker, plain loopback', at('plain'));
clientSuite('embedded worker, TLS', at('tls'));
clientSuite('external engine', at('external'));
