/** Programs to copy that work as they stand, once the key stands where KEY does. */
export interface Sampled { name: string; baseUrl: string; task: 'chat-completion' | 'text-generation' | 'embeddings' }
export interface Sample { id: string; title: string; language: string; install: string | null; text: string }

/** `key`: the key itself where the page has just been given it, else the environment is read. */
export function samples({ name, baseUrl, task }: Sampled, key?: string): Sample[] {
  const origin = new URL(baseUrl).origin;
  const js = key === undefined ? 'process.env.MODELKEEP_KEY' : `'${key}'`;
  const py = key === undefined ? "os.environ['MODELKEEP_KEY']" : `'${key}'`;
  const importOs = key === undefined ? 'import os\n' : '';
  const embeds = task === 'embeddings';
  const body = embeds ? `{"model": "${name}", "input": ["Hello"]}` : `{"model": "${name}", "messages": [{"role": "user", "content": "Hello!"}], "stream": true}`;
  const jsCall = embeds ? `const { data } = await client.embeddings.create({ model: '${name}', input: ['Hello'] });\nconsole.log(data[0].embedding.length);`
    : `const stream = await client.chat.completions.create({ model: '${name}', messages: [{ role: 'user', content: 'Hello!' }], stream: true });\nfor await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');`;
  const pyCall = embeds ? `answer = client.embeddings.create(model='${name}', input=['Hello'])\nprint(len(answer.data[0].embedding))`
    : `for chunk in client.chat.completions.create(model='${name}', messages=[{'role': 'user', 'content': 'Hello!'}], stream=True):\n    if chunk.choices: print(chunk.choices[0].delta.content or '', end='', flush=True)`;
  return [
    { id: 'curl', title: 'curl', language: 'sh', install: null, text: `curl -N ${baseUrl}/${embeds ? 'embeddings' : 'chat/completions'} \\\n  -H "Authorization: Bearer ${key ?? '$MODELKEEP_KEY'}" -H 'Content-Type: application/json' \\\n  -d '${body}'` },
    { id: 'openai-js', title: 'OpenAI, JavaScript', language: 'js', install: 'npm install openai', text: `import OpenAI from 'openai';\nconst client = new OpenAI({ baseURL: '${baseUrl}', apiKey: ${js} });\n${jsCall}` },
    { id: 'openai-python', title: 'OpenAI, Python', language: 'python', install: 'pip install openai', text: `${importOs}from openai import OpenAI\nclient = OpenAI(base_url='${baseUrl}', api_key=${py})\n${pyCall}` },
    { id: 'azure-openai', title: 'Azure OpenAI, JavaScript', language: 'js', install: 'npm install openai', text: `import { AzureOpenAI } from 'openai';\nconst client = new AzureOpenAI({ endpoint: '${origin}', apiKey: ${js}, apiVersion: '2024-10-21', deployment: '${name}' });\n${jsCall}` },
    ...(embeds ? [] : [{
      id: 'azure-inference', title: 'Azure AI Inference', language: 'js', install: 'npm install @azure-rest/ai-inference @azure/core-auth',
      text: `import ModelClient from '@azure-rest/ai-inference';\nimport { AzureKeyCredential } from '@azure/core-auth';\nconst client = ModelClient('${origin}', new AzureKeyCredential(${js})${origin.startsWith('https') ? '' : ', { allowInsecureConnection: true }'});\nconst { body } = await client.path('/chat/completions').post({ body: { model: '${name}', messages: [{ role: 'user', content: 'Hello!' }] } });\nconsole.log(body.choices[0].message.content);`,
    }, {
      id: 'langchain', title: 'LangChain', language: 'js', install: 'npm install @langchain/openai',
      text: `import { ChatOpenAI } from '@langchain/openai';\nconst model = new ChatOpenAI({ model: '${name}', apiKey: ${js}, configuration: { baseURL: '${baseUrl}' } });\nconsole.log((await model.invoke('Hello!')).content);`,
    }]),
  ];
}
