/** Serverless deployments and their endpoint keys. */
import { z } from 'zod';
import { pub, personal, secret } from '../marks.ts';
import { DeploymentId, Digest, KeyId, ModelName, ModelVersion, Name, Time } from '../names.ts';
import { operation } from '../operation.ts';
import { RetentionMode } from '../retention.ts';
import { IsolationProfile } from '../internal/isolation-profile.ts';
import { Task } from './models.ts';
import { Failure } from './pulls.ts';

const bounds = {
  requestsPerMinute: z.int().min(0).max(10_000_000), tokensPerMinute: z.int().min(0).max(1_000_000_000), concurrency: z.int().min(1).max(4096), queue: z.int().min(0).max(65_536),
  queueTimeoutMs: z.int().min(1).max(600_000),
};
/** Limits of one deployment. A rate of 0 means none. */
export const Limits = z.strictObject({
  requestsPerMinute: pub(bounds.requestsPerMinute.default(0)),
  /** Prompt and output tokens together. */
  tokensPerMinute: pub(bounds.tokensPerMinute.default(0)),
  /** Requests that the engine works on at once; further ones wait. */
  concurrency: pub(bounds.concurrency.default(64)),
  /** Requests that may wait. */
  queue: pub(bounds.queue.default(256)),
  /** Longest wait in the queue, in milliseconds. */
  queueTimeoutMs: pub(bounds.queueTimeoutMs.default(60_000)),
});
export type Limits = z.output<typeof Limits>;
/** Of the limits those that change; the others stay. */
export const LimitsChange = z.strictObject({
  requestsPerMinute: pub(bounds.requestsPerMinute.optional()), tokensPerMinute: pub(bounds.tokensPerMinute.optional()), concurrency: pub(bounds.concurrency.optional()),
  queue: pub(bounds.queue.optional()), queueTimeoutMs: pub(bounds.queueTimeoutMs.optional()),
});

/**
 * What the deployment asks of the place its model runs in.
 * - `required` (default): a worker on this machine whose every guarantee is enforced and probed, or no service;
 * - `best-effort`: a worker on this machine with whatever this machine enforces; the profile says what that is;
 * - `operator-asserted`: an external engine, about which the profile repeats only the operator's word.
 */
export const IsolationRequirement = z.enum(['required', 'best-effort', 'operator-asserted']);
export type IsolationRequirement = z.output<typeof IsolationRequirement>;

export const DeploymentState = z.enum(['starting', 'ready', 'failed']);

export const Deployment = z.object({
  id: pub(DeploymentId), name: pub(Name), project: pub(Name),
  kind: pub(z.literal('serverless')),
  model: pub(ModelName), modelVersion: pub(ModelVersion), modelDigest: pub(Digest),
  artifactDigest: pub(Digest.nullable()),
  task: pub(Task),
  /** Name of the external engine, or null for the embedded one. */
  engine: pub(Name.nullable()),
  state: pub(DeploymentState), failure: pub(Failure.nullable()),
  /** What an OpenAI SDK takes as base URL; the deployment's name is the model. */
  baseUrl: pub(z.url()),
  region: pub(Name), geography: pub(Name),
  isolationRequirement: pub(IsolationRequirement),
  isolation: IsolationProfile.nullable(),
  retention: pub(RetentionMode),
  limits: Limits,
  /** Tokens of context per request. */
  contextLength: pub(z.int().nullable()),
  createdAt: pub(Time), createdBy: personal(z.string()),
});
export type Deployment = z.output<typeof Deployment>;

const DeploymentRef = z.object({ deployment: pub(Name) });

export const createDeployment = operation({
  id: 'createDeployment', summary: 'Create a serverless deployment; its two keys are shown in this answer and never again', tag: 'deployments',
  method: 'POST', path: '/api/deployments', access: 'project', servedBy: 'control',
  request: z.strictObject({
    name: pub(Name), model: pub(ModelName), version: pub(ModelVersion.optional()), kind: pub(z.literal('serverless')),
    engine: pub(Name.optional()), isolation: pub(IsolationRequirement.optional()), limits: Limits.prefault({}),
    contextLength: pub(z.int().min(64).max(10_000_000).optional()),
  }),
  response: Deployment.extend({ primaryKey: secret(z.string()), secondaryKey: secret(z.string()) }), status: 201,
  errors: ['invalid_request', 'name_taken', 'model_not_found', 'model_not_pulled', 'model_not_deployable', 'engine_not_found', 'isolation_refused'],
});
export const listDeployments = operation({
  id: 'listDeployments', summary: 'List the deployments of the project', tag: 'deployments', method: 'GET', path: '/api/deployments',
  access: 'read', servedBy: 'control', response: z.object({ data: z.array(Deployment) }), errors: [],
});
export const showDeployment = operation({
  id: 'showDeployment', summary: 'Show a deployment, its state and its isolation profile', tag: 'deployments', method: 'GET',
  path: '/api/deployments/{deployment}', access: 'read', servedBy: 'control', params: DeploymentRef, response: Deployment,
  errors: ['deployment_not_found'],
});
export const setLimits = operation({
  id: 'setLimits', summary: 'Change limits of a deployment; they hold from the next request on', tag: 'deployments', method: 'POST',
  path: '/api/deployments/{deployment}/limits', access: 'project', servedBy: 'control', params: DeploymentRef, request: LimitsChange, response: Deployment,
  errors: ['invalid_request', 'deployment_not_found'],
});
export const deleteDeployment = operation({
  id: 'deleteDeployment', summary: 'Delete a deployment; its keys stop working at once', tag: 'deployments', method: 'DELETE',
  path: '/api/deployments/{deployment}', access: 'project', servedBy: 'control', params: DeploymentRef,
  response: z.object({ id: pub(DeploymentId), deleted: pub(z.literal(true)) }), errors: ['deployment_not_found'],
});

export const KeySlot = z.enum(['primary', 'secondary']);
export const EndpointKey = z.object({
  id: pub(KeyId), slot: pub(KeySlot),
  /** The first characters, to tell keys apart. */
  hint: pub(z.string()), createdAt: pub(Time),
});
export const listKeys = operation({
  id: 'listKeys', summary: 'List the two endpoint keys of a deployment (not their values)', tag: 'deployments', method: 'GET',
  path: '/api/deployments/{deployment}/keys', access: 'project', servedBy: 'control', params: DeploymentRef,
  response: z.object({ data: z.array(EndpointKey) }), errors: ['deployment_not_found'],
});
export const regenerateKey = operation({
  id: 'regenerateKey', summary: 'Replace one of the two keys; the other goes on working', tag: 'deployments', method: 'POST',
  path: '/api/deployments/{deployment}/keys/{slot}/regenerate', access: 'project', servedBy: 'control',
  params: DeploymentRef.extend({ slot: pub(KeySlot) }), response: EndpointKey.extend({ key: secret(z.string()) }), errors: ['deployment_not_found'],
});
