/** The unmodified Python SDK, in a virtual environment of its own. Left out, with the reason, where PyPI cannot be reached. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { command, Installation } from '../installation.ts';
import { samplesOf } from '#edge/studio/samples/samples.ts';
import { deploy, ensureModel } from '../models.ts';
import type { Deployed } from '../models.ts';
import { pythonSdk } from './python-sdk.ts';
import type { PythonSdk } from './python-sdk.ts';

let sdk: PythonSdk;
let installation: Installation | undefined;
let chat: Deployed;
let vectors: Deployed;

before(async () => {
  sdk = await pythonSdk();
  if (sdk.missing !== false) return;
  installation = await Installation.start({ args: ['--tls'] });
  chat = await deploy(installation, await ensureModel(installation, 'smollm2-135m-instruct'), 'chat', '--context', '1024');
  vectors = await deploy(installation, await ensureModel(installation, 'all-minilm-l6-v2'), 'vectors');
}, { timeout: 300_000 });
after(async () => { await installation?.remove(); sdk?.remove(); });

const script = `
import os, sys, openai
base, key, ekey = os.environ["BASE"], os.environ["KEY"], os.environ["EKEY"]
client = openai.OpenAI(base_url=base + "/v1", api_key=key, max_retries=0)
messages = [{"role": "user", "content": "Name three primary colours."}]
plain = client.chat.completions.create(model="chat", messages=messages, max_tokens=16, temperature=0)
text = "".join(c.choices[0].delta.content or "" for c in client.chat.completions.create(model="chat", messages=messages, max_tokens=16, temperature=0, stream=True) if c.choices)
assert text == plain.choices[0].message.content and len(text) > 0, text
vector = openai.OpenAI(base_url=base + "/v1", api_key=ekey, max_retries=0).embeddings.create(model="vectors", input="a red fox").data[0].embedding
assert len(vector) == 384
azure = openai.AzureOpenAI(azure_endpoint=base, api_key=key, api_version="2024-10-21", max_retries=0)
assert azure.chat.completions.create(model="chat", messages=messages, max_tokens=4).choices
for wrong, kind in ((dict(temperature=9), openai.BadRequestError), (dict(model="nobody"), openai.NotFoundError)):
    try:
        client.chat.completions.create(**{"model": "chat", "messages": messages, **wrong}); sys.exit("no error")
    except kind as error:
        assert error.request_id.startswith("req_") and error.code, error
print("python is content")
`;

test('openai for Python: chat, stream, embeddings, Azure, errors, over TLS with the installation\'s authority', { timeout: 120_000 }, async (t) => {
  if (!installation) { t.skip(String(sdk.missing)); return; }
  const ca = join(installation.data, 'ca.pem');
  const outcome = await command(sdk.python, ['-c', script], { BASE: installation.origin, KEY: chat.primaryKey, EKEY: vectors.primaryKey, SSL_CERT_FILE: ca, REQUESTS_CA_BUNDLE: ca });
  assert.match(outcome.stdout, /python is content/, outcome.stderr);
});

test('the Python samples that the studio prints work as they stand', { timeout: 120_000 }, async (t) => {
  if (!installation) { t.skip(String(sdk.missing)); return; }
  for (const [endpoint, said] of [[{ ...chat, task: 'chat-completion' }, /\S/], [{ ...vectors, task: 'embeddings' }, /^\[-?0\.\d+, /]] as const) {
    for (const { code } of samplesOf(endpoint, endpoint.primaryKey).filter(({ runs }) => runs === 'python')) {
      const outcome = await command(sdk.python, ['-c', code], { SSL_CERT_FILE: join(installation.data, 'ca.pem') });
      assert.equal(outcome.code, 0, outcome.stderr);
      assert.match(outcome.stdout, said);
    }
  }
});
