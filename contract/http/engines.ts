/** External engines: OpenAI-compatible servers that the operator registers. Declared destinations of content. */
import { z } from 'zod';
import { pub, personal } from '../marks.ts';
import { EngineId, ModelName, Name, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { RetentionMode, RetentionNeed } from '../retention.ts';

/** How the server spells what the contract allows beyond OpenAI's own fields: only what keeps tenants apart is ever added. */
export const Dialect = z.enum(['openai', 'vllm', 'llama-server']);
export type Dialect = z.output<typeof Dialect>;

const path = pub(z.string().startsWith('/', 'an absolute path on the server').max(4000).optional());
const EngineSettings = z.strictObject({
  name: pub(Name),
  /** Base URL including `/v1`. */
  url: pub(z.url({ protocol: /^https?$/ }).max(2000)),
  /** The catalog model that it serves. */
  model: pub(ModelName),
  /** The name by which the server knows the model, where it differs. */
  servedModel: pub(z.string().min(1).max(300).optional()),
  dialect: pub(Dialect.default('openai')),
  /** File with the bearer credential, read by the gateway alone. */
  credentialFile: path,
  /** PEM of the only authority that is trusted for this server. */
  caFile: path,
  clientCertificateFile: path, clientKeyFile: path,
  /** What the server keeps of its requests, by its operator's word. */
  retention: pub(RetentionNeed.default('none')),
});
export const Engine = EngineSettings.extend({ retention: pub(RetentionMode), id: pub(EngineId), createdAt: pub(Time), createdBy: personal(z.string()) });
export type Engine = z.output<typeof Engine>;
const EngineRef = z.object({ engine: pub(Name) });

export const addEngine = operation({
  id: 'addEngine', summary: 'Register an OpenAI-compatible server as the engine of a model', tag: 'engines', method: 'POST', path: '/api/engines',
  access: 'administrator', servedBy: 'control', request: EngineSettings, response: Engine, status: 201,
  errors: ['invalid_request', 'name_taken', 'model_not_found', 'retention_not_supported'],
});
export const listEngines = operation({
  id: 'listEngines', summary: 'List the external engines', tag: 'engines', method: 'GET', path: '/api/engines', access: 'read',
  servedBy: 'control', response: z.object({ data: z.array(Engine) }), errors: [],
});
export const showEngine = operation({
  id: 'showEngine', summary: 'Show an external engine', tag: 'engines', method: 'GET', path: '/api/engines/{engine}', access: 'read',
  servedBy: 'control', params: EngineRef, response: Engine, errors: ['engine_not_found'],
});
export const removeEngine = operation({
  id: 'removeEngine', summary: 'Remove an external engine that no deployment uses', tag: 'engines', method: 'DELETE', path: '/api/engines/{engine}',
  access: 'administrator', servedBy: 'control', params: EngineRef, response: z.object({ id: pub(EngineId), deleted: pub(z.literal(true)) }),
  errors: ['engine_not_found', 'engine_in_use'],
});
