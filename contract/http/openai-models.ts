/** The deployments that a credential can use, as OpenAI and Azure SDKs list them. Carries no content; the gateway answers from its routes. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { operation } from '../operation.ts';

export const OpenAIModel = z.object({
  id: pub(z.string()), object: pub(z.literal('model')), created: pub(z.int()), owned_by: pub(z.string()),
  // What Azure's clients look for besides.
  created_at: pub(z.int()), status: pub(z.literal('succeeded')), lifecycle_status: pub(z.literal('generally-available')),
  capabilities: z.object({ chat_completion: pub(z.boolean()), completion: pub(z.boolean()), embeddings: pub(z.boolean()), inference: pub(z.literal(true)), fine_tune: pub(z.literal(false)) }),
});
export const listOpenAIModels = operation({
  id: 'listOpenAIModels', summary: 'List the deployments that this credential can use', tag: 'inference', method: 'GET', path: '/v1/models',
  aliases: ['/openai/v1/models', '/openai/models'], access: 'inference', servedBy: 'gateway',
  response: z.object({ object: pub(z.literal('list')), data: z.array(OpenAIModel) }), errors: [],
});
export const retrieveOpenAIModel = operation({
  id: 'retrieveOpenAIModel', summary: 'Show one of them', tag: 'inference', method: 'GET', path: '/v1/models/{model}',
  aliases: ['/openai/v1/models/{model}', '/openai/models/{model}'], access: 'inference', servedBy: 'gateway',
  params: z.object({ model: pub(z.string().max(300)) }), response: OpenAIModel, errors: ['model_not_found'],
});
export const modelInfo = operation({
  id: 'modelInfo', summary: 'Azure AI Model Inference: what model answers here', tag: 'inference', method: 'GET', path: '/info',
  aliases: ['/models/info', '/openai/deployments/{deployment}/info', '/endpoints/{deployment}/info'], access: 'inference', servedBy: 'gateway',
  query: z.object({ model: pub(z.string().max(300).optional()) }),
  response: z.object({ model_name: pub(z.string()), model_type: pub(z.enum(['chat-completion', 'text-generation', 'embeddings'])), model_provider_name: pub(z.string()) }),
  errors: ['model_not_found'],
});
