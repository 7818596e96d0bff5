/**
 * What unmodified public SDKs do with an endpoint: one suite, run on every kind of engine and transport.
 * Sources of the expectations: the SDKs themselves; the server is only ever reached through them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AzureKeyCredential } from '@azure/core-auth';
import { createSseStream } from '@azure/core-sse';
import ModelClient, { isUnexpected } from '@azure-rest/ai-inference';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { AzureChatOpenAI, ChatOpenAI, OpenAI as LangChainOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embedMany, generateText, streamText } from 'ai';
import OpenAI, { APIUserAbortError, AuthenticationError, AzureOpenAI, BadRequestError, NotFoundError } from 'openai';

export interface Target { origin: string; chat: { name: string; key: string }; embeddings: { name: string; key: string }; token: string }

const question = [{ role: 'user' as const, content: 'Name three primary colours.' }];
const brief = { max_tokens: 24, temperature: 0, seed: 7 };

function near(vector: readonly number[], length: number): void {
  assert.equal(vector.length, length);
  assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-3, 'a vector of unit length');
}

/** Declares the suite. `target` is asked for when the tests run. */
export function clientSuite(title: string, target: () => Target, embeddingLength = 384): void {
  const openai = (key = target().chat.key): OpenAI => new OpenAI({ baseURL: `${target().origin}/v1`, apiKey: key, maxRetries: 0 });
  const azure = (): AzureOpenAI => new AzureOpenAI({ endpoint: target().origin, apiKey: target().chat.key, apiVersion: '2024-10-21', deployment: target().chat.name, maxRetries: 0 });
  const inference = (path = '', key = target().chat.key): ReturnType<typeof ModelClient> =>
    ModelClient(`${target().origin}${path}`, new AzureKeyCredential(key), { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });

  describe(`${title}: openai`, () => {
    test('chat, not streaming', async () => {
      const { data, request_id } = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief }).withResponse();
      assert.ok((data.choices[0]?.message.content ?? '').length > 0);
      assert.ok(data.usage && data.usage.prompt_tokens > 0 && data.usage.total_tokens === data.usage.prompt_tokens + data.usage.completion_tokens);
      assert.match(request_id ?? '', /^req_/);
    });

    test('chat, streaming, says the same as not streaming', async () => {
      const plain = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief });
      const stream = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief, stream: true, stream_options: { include_usage: true } });
      let text = ''; let usage = 0; let finish: string | null = null;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        finish = chunk.choices[0]?.finish_reason ?? finish;
        usage = chunk.usage?.completion_tokens ?? usage;
      }
      assert.equal(text, plain.choices[0]?.message.content);
      assert.equal(finish, plain.choices[0]?.finish_reason);
      assert.equal(usage, plain.usage?.completion_tokens);
    });

    test('no usage chunk unless asked for', async () => {
      const stream = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief, stream: true });
      for await (const chunk of stream) assert.ok(chunk.choices.length === 1 && !chunk.usage);
    });

    test('the strict .stream() helper', async () => {
      const final = await openai().chat.completions.stream({ model: target().chat.name, messages: question, ...brief }).finalChatCompletion();
      assert.equal(final.choices[0]?.message.role, 'assistant');
    });

    test('max_tokens ends with length, a stop sequence is not shown', async () => {
      const short = await openai().chat.completions.create({ model: target().chat.name, messages: question, max_tokens: 3, temperature: 0 });
      assert.equal(short.choices[0]?.finish_reason, 'length');
      assert.equal(short.usage?.completion_tokens, 3);
      const whole = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief });
      const stop = (whole.choices[0]?.message.content ?? '').slice(6, 10);
      const stopped = await openai().chat.completions.create({ model: target().chat.name, messages: question, ...brief, stop });
      assert.equal(stopped.choices[0]?.finish_reason, 'stop');
      assert.ok(!(stopped.choices[0]?.message.content ?? '').includes(stop));
    });

    test('logprobs', async () => {
      const answer = await openai().chat.completions.create({ model: target().chat.name, messages: question, max_tokens: 4, temperature: 0, logprobs: true, top_logprobs: 3 });
      const tokens = answer.choices[0]?.logprobs?.content ?? [];
      assert.equal(tokens.length, 4);
      for (const token of tokens) {
        assert.ok(token.logprob <= 0 && token.top_logprobs.length === 3);
        assert.ok(Math.abs((token.top_logprobs[0]?.logprob ?? 0) - token.logprob) < 1e-3, 'greedy takes the likeliest');
      }
    });

    test('an answer in the form of a JSON schema', async () => {
      const answer = await openai().chat.completions.create({
        model: target().chat.name, messages: [{ role: 'user', content: 'A colour, please.' }], max_tokens: 64, temperature: 0,
        response_format: { type: 'json_schema', json_schema: { name: 'colour', strict: true, schema: { type: 'object', additionalProperties: false, required: ['name', 'primary'], properties: { name: { type: 'string', enum: ['red', 'blue'] }, primary: { type: 'boolean' } } } } },
      });
      const value = JSON.parse(answer.choices[0]?.message.content ?? '') as { name: string; primary: boolean };
      assert.ok(['red', 'blue'].includes(value.name) && typeof value.primary === 'boolean');
    });

    test('completions', async () => {
      const answer = await openai().completions.create({ model: target().chat.name, prompt: 'The sky is', max_tokens: 5, temperature: 0 });
      assert.ok((answer.choices[0]?.text ?? '').length > 0);
      assert.equal(answer.object, 'text_completion');
    });

    test('embeddings by default (base64 on the wire) and as floats are the same vector', async () => {
      const client = openai(target().embeddings.key);
      const packed = await client.embeddings.create({ model: target().embeddings.name, input: ['a red fox', 'tax law'] });
      const floats = await client.embeddings.create({ model: target().embeddings.name, input: 'a red fox', encoding_format: 'float' });
      near(packed.data[0]?.embedding ?? [], embeddingLength);
      assert.ok((packed.data[0]?.embedding ?? []).every((value, i) => Math.abs(value - (floats.data[0]?.embedding[i] ?? 9)) < 1e-5));
      assert.equal(packed.data.length, 2);
    });

    test('models: an endpoint key sees its deployment, a project token all of them', async () => {
      const own = await openai().models.list();
      assert.deepEqual(own.data.map((model) => model.id), [target().chat.name]);
      const all = (await openai(target().token).models.list()).data.map((model) => model.id);
      assert.ok(all.includes(target().chat.name) && all.includes(target().embeddings.name));
      assert.equal((await openai().models.retrieve(target().chat.name)).id, target().chat.name);
    });

    test('a project token is an API key for every deployment', async () => {
      const client = openai(target().token);
      await client.chat.completions.create({ model: target().chat.name, messages: question, max_tokens: 2 });
      await client.embeddings.create({ model: target().embeddings.name, input: 'x' });
    });

    test('a wrong key, a wrong model, a wrong field: the error class, code and parameter', async () => {
      await assert.rejects(openai('mk-ek-wrong').chat.completions.create({ model: target().chat.name, messages: question }),
        (error) => error instanceof AuthenticationError && error.code === 'invalid_api_key' && /^req_/.test(error.requestID ?? ''));
      await assert.rejects(openai(target().token).chat.completions.create({ model: 'no-such-model', messages: question }),
        (error) => error instanceof NotFoundError && error.code === 'model_not_found' && error.param === 'model');
      await assert.rejects(openai().chat.completions.create({ model: target().chat.name, messages: question, temperature: 99 }),
        (error) => error instanceof BadRequestError && error.code === 'invalid_request' && error.param === 'temperature');
      await assert.rejects(openai().chat.completions.create({ model: target().chat.name, messages: question, flavour: 'sweet' } as never),
        (error) => error instanceof BadRequestError && error.code === 'unknown_parameter' && error.param === 'flavour');
    });

    test('an endpoint key is for its own deployment only', async () => {
      await assert.rejects(openai().embeddings.create({ model: target().embeddings.name, input: 'x' }), (error) => error instanceof NotFoundError);
    });

    test('nothing is stored and nothing can be read back', async () => {
      await assert.rejects(openai().chat.completions.create({ model: target().chat.name, messages: question, store: true }),
        (error) => error instanceof BadRequestError && error.code === 'storage_not_supported');
      await assert.rejects(openai().chat.completions.list(), (error) => error instanceof NotFoundError);
      await assert.rejects(openai().responses.retrieve('resp_1'), (error) => error instanceof NotFoundError);
    });

    test('leaving a stream frees its place at once', async () => {
      for (let i = 0; i < 6; i++) {
        const stream = await openai().chat.completions.create({ model: target().chat.name, messages: [{ role: 'user', content: 'Count from 1 to 1000.' }], stream: true, temperature: 0 });
        for await (const chunk of stream) { if (chunk.choices[0]?.delta.content) break; }
      }
      const controller = new AbortController();
      const pending = openai().chat.completions.create({ model: target().chat.name, messages: [{ role: 'user', content: 'Count from 1 to 1000.' }] }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 100);
      await assert.rejects(pending, (error) => error instanceof APIUserAbortError);
      const after = await openai().chat.completions.create({ model: target().chat.name, messages: question, max_tokens: 2 });
      assert.ok(after.choices.length === 1);
    });

    test('a prompt beyond the context length', async () => {
      await assert.rejects(openai().chat.completions.create({ model: target().chat.name, messages: [{ role: 'user', content: 'word '.repeat(60_000) }] }),
        (error) => error instanceof BadRequestError && error.code === 'context_length_exceeded');
    });
  });

  describe(`${title}: AzureOpenAI`, () => {
    test('chat, streaming and not, on the deployment route', async () => {
      const answer = await azure().chat.completions.create({ model: 'ignored', messages: question, ...brief });
      assert.ok((answer.choices[0]?.message.content ?? '').length > 0);
      let text = '';
      for await (const chunk of await azure().chat.completions.create({ model: 'ignored', messages: question, ...brief, stream: true })) text += chunk.choices[0]?.delta.content ?? '';
      assert.equal(text, answer.choices[0]?.message.content);
    });
    test('the v1 style: openai on /openai/v1/', async () => {
      const client = new OpenAI({ baseURL: `${target().origin}/openai/v1/`, apiKey: target().chat.key, maxRetries: 0 });
      assert.equal((await client.chat.completions.create({ model: target().chat.name, messages: question, max_tokens: 2 })).choices.length, 1);
    });
    test('a deployment that does not exist', async () => {
      const client = new AzureOpenAI({ endpoint: target().origin, apiKey: target().token, apiVersion: '2024-10-21', deployment: 'nowhere', maxRetries: 0 });
      await assert.rejects(client.chat.completions.create({ model: 'x', messages: question }), (error) => error instanceof NotFoundError);
    });
  });

  describe(`${title}: @azure-rest/ai-inference`, () => {
    for (const path of ['', '/models', '/endpoints/{d}', '/openai/deployments/{d}']) {
      test(`chat at ${path || '/'}`, async () => {
        const client = inference(path.replace('{d}', target().chat.name));
        const answer = await client.path('/chat/completions').post({ body: { messages: question, max_tokens: 8, temperature: 0 } });
        assert.ok(!isUnexpected(answer), JSON.stringify(answer.body));
        assert.ok((answer.body.choices[0]?.message.content ?? '').length > 0);
      });
    }
    test('streaming ends with [DONE]', async () => {
      const answer = await inference().path('/chat/completions').post({ body: { messages: question, ...brief, stream: true } }).asNodeStream();
      assert.equal(answer.status, '200');
      let text = ''; let done = false;
      for await (const event of createSseStream(answer.body as never)) {
        if (event.data === '[DONE]') { done = true; break; }
        text += (JSON.parse(event.data) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '';
      }
      assert.ok(done && text.length > 0);
    });
    test('embeddings and info', async () => {
      const answer = await inference('', target().embeddings.key).path('/embeddings').post({ body: { input: ['one', 'two'] } });
      assert.ok(!isUnexpected(answer));
      assert.equal(answer.body.data.length, 2);
      near(answer.body.data[0]?.embedding as number[], embeddingLength);
      const info = await inference().path('/info').get();
      assert.ok(!isUnexpected(info));
      assert.equal(info.body.model_type, 'chat-completion');
    });
    test('an error is one that the client can read', async () => {
      const answer = await inference('', 'wrong').path('/chat/completions').post({ body: { messages: question } });
      assert.ok(isUnexpected(answer));
      assert.equal(answer.status, '401');
      assert.equal(answer.body.error.code, 'invalid_api_key');
    });
    test('extra-parameters: refused by default, dropped on request', async () => {
      const body = { messages: question, max_tokens: 2, vendor_option: 1 };
      const refused = await inference().path('/chat/completions').post({ body });
      assert.ok(isUnexpected(refused) && refused.body.error.code === 'unknown_parameter');
      const dropped = await inference().path('/chat/completions').post({ body, headers: { 'extra-parameters': 'drop' } });
      assert.equal(dropped.status, '200');
    });
  });

  describe(`${title}: LangChain`, () => {
    const configuration = (): { baseURL: string } => ({ baseURL: `${target().origin}/v1` });
    test('ChatOpenAI, invoke and stream', async () => {
      const model = new ChatOpenAI({ model: target().chat.name, apiKey: target().chat.key, configuration: configuration(), maxTokens: 8, temperature: 0, maxRetries: 0 });
      assert.ok(String((await model.invoke('Name a colour.')).content).length > 0);
      let text = '';
      for await (const chunk of await model.stream('Name a colour.')) text += String(chunk.content);
      assert.ok(text.length > 0);
    });
    test('OpenAI completions, embeddings, AzureChatOpenAI', async () => {
      const completion = new LangChainOpenAI({ model: target().chat.name, apiKey: target().chat.key, configuration: configuration(), maxTokens: 4, maxRetries: 0 });
      assert.ok((await completion.invoke('The sky is')).length > 0);
      const embeddings = new OpenAIEmbeddings({ model: target().embeddings.name, apiKey: target().embeddings.key, configuration: configuration(), maxRetries: 0 });
      near(await embeddings.embedQuery('a red fox'), embeddingLength);
      const chat = new AzureChatOpenAI({ azureOpenAIEndpoint: target().origin, azureOpenAIApiKey: target().chat.key, azureOpenAIApiDeploymentName: target().chat.name, azureOpenAIApiVersion: '2024-10-21', maxTokens: 4, maxRetries: 0 });
      assert.ok(String((await chat.invoke('Name a colour.')).content).length > 0);
    });
  });

  describe(`${title}: AI SDK`, () => {
    const provider = (key: string): ReturnType<typeof createOpenAICompatible> => createOpenAICompatible({ name: 'modelkeep', baseURL: `${target().origin}/v1`, apiKey: key, includeUsage: true });
    test('generateText, streamText, embedMany', async () => {
      const model = provider(target().chat.key)(target().chat.name);
      const plain = await generateText({ model, prompt: 'Name a colour.', maxOutputTokens: 8, temperature: 0, maxRetries: 0 });
      assert.ok(plain.text.length > 0 && (plain.usage.outputTokens ?? 0) > 0);
      let text = '';
      for await (const part of streamText({ model, prompt: 'Name a colour.', maxOutputTokens: 8, temperature: 0, maxRetries: 0 }).textStream) text += part;
      assert.equal(text, plain.text);
      const vectors = await embedMany({ model: provider(target().embeddings.key).embeddingModel(target().embeddings.name), values: ['one', 'two'], maxRetries: 0 });
      assert.equal(vectors.embeddings.length, 2);
    });
  });
}
