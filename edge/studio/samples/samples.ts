/** Programs that call a deployment and work as they stand: nothing in them has to be filled in but the key, where it is not known. */
import type { Deployment } from '#contract/http/deployments.ts';

export type Endpoint = Pick<Deployment, 'name' | 'baseUrl' | 'task'>;
export interface Sample {
  id: 'curl' | 'openai-js' | 'openai-python' | 'azure-openai' | 'azure-inference' | 'langchain';
  title: string;
  /** What must be there first; null where nothing must. */
  install: string | null;
  runs: 'shell' | 'javascript' | 'python';
  code: string;
}

/** What stands where the key belongs, as long as the page does not know it. */
export const placeholder = 'KEY';
const azureVersion = '2024-10-21';
const words = { chat: 'Hello!', text: 'Once upon a time', embeddings: 'A red fox' };
type Kind = keyof typeof words;
const kindOf = ({ task }: Endpoint): Kind => (task === 'embeddings' ? 'embeddings' : task === 'text-generation' ? 'text' : 'chat');
/** Where the SDKs of Azure start: the endpoint without `/v1`. */
const originOf = ({ baseUrl }: Endpoint): string => baseUrl.replace(/\/v1$/, '');

function curl({ name, baseUrl, ...endpoint }: Endpoint, key: string): string {
  const kind = kindOf({ name, baseUrl, ...endpoint });
  const [path, body] = kind === 'embeddings' ? ['embeddings', { model: name, input: words.embeddings }]
    : kind === 'text' ? ['completions', { model: name, prompt: words.text, max_tokens: 64, stream: true }]
      : ['chat/completions', { model: name, messages: [{ role: 'user', content: words.chat }], stream: true }];
  return `curl -N ${baseUrl}/${path} \\\n  -H 'Authorization: Bearer ${key}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'`;
}

const openaiCall: Record<Kind, (name: string) => string> = {
  chat: (name) => `const answer = await client.chat.completions.create({\n  model: '${name}',\n  messages: [{ role: 'user', content: '${words.chat}' }],\n});\nconsole.log(answer.choices[0].message.content);`,
  text: (name) => `const answer = await client.completions.create({ model: '${name}', prompt: '${words.text}', max_tokens: 64 });\nconsole.log(answer.choices[0].text);`,
  embeddings: (name) => `const answer = await client.embeddings.create({ model: '${name}', input: '${words.embeddings}' });\nconsole.log(answer.data[0].embedding);`,
};
const openaiJs = (endpoint: Endpoint, key: string): string =>
  `import OpenAI from 'openai';\n\nconst client = new OpenAI({ baseURL: '${endpoint.baseUrl}', apiKey: '${key}' });\n${openaiCall[kindOf(endpoint)](endpoint.name)}`;
const azureOpenai = (endpoint: Endpoint, key: string): string => `import { AzureOpenAI } from 'openai';

const client = new AzureOpenAI({
  endpoint: '${originOf(endpoint)}',
  apiKey: '${key}',
  apiVersion: '${azureVersion}',
  deployment: '${endpoint.name}',
});
${openaiCall[kindOf(endpoint)](endpoint.name)}`;

const pythonCall: Record<Kind, (name: string) => string> = {
  chat: (name) => `answer = client.chat.completions.create(\n    model="${name}",\n    messages=[{"role": "user", "content": "${words.chat}"}],\n)\nprint(answer.choices[0].message.content)`,
  text: (name) => `answer = client.completions.create(model="${name}", prompt="${words.text}", max_tokens=64)\nprint(answer.choices[0].text)`,
  embeddings: (name) => `answer = client.embeddings.create(model="${name}", input="${words.embeddings}")\nprint(answer.data[0].embedding)`,
};
const openaiPython = (endpoint: Endpoint, key: string): string =>
  `from openai import OpenAI\n\nclient = OpenAI(base_url="${endpoint.baseUrl}", api_key="${key}")\n${pythonCall[kindOf(endpoint)](endpoint.name)}`;

/** Azure's client has no call for plain completions. */
function azureInference(endpoint: Endpoint, key: string): string {
  const [path, body, print] = kindOf(endpoint) === 'embeddings' ? ['/embeddings', `{ model: '${endpoint.name}', input: ['${words.embeddings}'] }`, 'answer.body.data[0].embedding']
    : ['/chat/completions', `{ model: '${endpoint.name}', messages: [{ role: 'user', content: '${words.chat}' }] }`, 'answer.body.choices[0].message.content'];
  const origin = originOf(endpoint);
  const plain = origin.startsWith('http:') ? ', { allowInsecureConnection: true }' : '';
  return `import ModelClient, { isUnexpected } from '@azure-rest/ai-inference';
import { AzureKeyCredential } from '@azure/core-auth';

const client = ModelClient('${origin}', new AzureKeyCredential('${key}')${plain});
const answer = await client.path('${path}').post({
  body: ${body},
});
if (isUnexpected(answer)) throw answer.body.error;
console.log(${print});`;
}

function langchain(endpoint: Endpoint, key: string): string {
  const settings = `{\n  model: '${endpoint.name}',\n  apiKey: '${key}',\n  configuration: { baseURL: '${endpoint.baseUrl}' },\n}`;
  switch (kindOf(endpoint)) {
    case 'embeddings': return `import { OpenAIEmbeddings } from '@langchain/openai';\n\nconst model = new OpenAIEmbeddings(${settings});\nconsole.log(await model.embedQuery('${words.embeddings}'));`;
    case 'text': return `import { OpenAI } from '@langchain/openai';\n\nconst model = new OpenAI(${settings});\nconsole.log(await model.invoke('${words.text}'));`;
    case 'chat': return `import { ChatOpenAI } from '@langchain/openai';\n\nconst model = new ChatOpenAI(${settings});\nconst answer = await model.invoke('${words.chat}');\nconsole.log(answer.content);`;
  }
}

export function samplesOf(endpoint: Endpoint, key = placeholder): Sample[] {
  const javascript = (id: Sample['id'], title: string, packages: string, code: string): Sample => ({ id, title, install: `npm install ${packages}`, runs: 'javascript', code });
  return [
    { id: 'curl', title: 'curl', install: null, runs: 'shell', code: curl(endpoint, key) },
    javascript('openai-js', 'OpenAI, JavaScript', 'openai', openaiJs(endpoint, key)),
    { id: 'openai-python', title: 'OpenAI, Python', install: 'pip install openai', runs: 'python', code: openaiPython(endpoint, key) },
    javascript('azure-openai', 'Azure OpenAI', 'openai', azureOpenai(endpoint, key)),
    ...(kindOf(endpoint) === 'text' ? [] : [javascript('azure-inference', 'Azure AI Inference', '@azure-rest/ai-inference @azure/core-auth', azureInference(endpoint, key))]),
    javascript('langchain', 'LangChain', '@langchain/openai @langchain/core', langchain(endpoint, key)),
  ];
}

/** How each kind of client is told of the installation's own certificate authority. */
export const authorityHints: Record<Sample['runs'], string> = { shell: 'curl --cacert ca.pem …', javascript: 'NODE_EXTRA_CA_CERTS=ca.pem node program.mjs', python: 'SSL_CERT_FILE=ca.pem python program.py' };
