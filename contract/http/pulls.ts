/** Pulls: fetching a model version's files, verifying them, and making the file that the engine loads. */
import { z } from 'zod';
import { pub } from '../marks.ts';
import { failureCodes } from '../error-codes.ts';
import type { FailureCode } from '../error-codes.ts';
import { Digest, ModelName, ModelVersion, PullId, Time } from '../names.ts';
import { operation } from '../operation.ts';

export const Failure = z.enum(Object.keys(failureCodes) as [FailureCode, ...FailureCode[]]);

export const Pull = z.object({
  id: pub(PullId), model: pub(ModelName), version: pub(ModelVersion), modelDigest: pub(Digest),
  state: pub(z.enum(['queued', 'fetching', 'verifying', 'converting', 'done', 'failed'])),
  /** Bytes received so far, and in all where known. */
  receivedBytes: pub(z.int()), totalBytes: pub(z.int().nullable()),
  /** Bytes a second over the last seconds, and seconds until the last byte; null while nothing is fetched. */
  bytesPerSecond: pub(z.int().nullable()), remainingSeconds: pub(z.int().nullable()),
  failure: pub(Failure.nullable()),
  pinned: pub(z.enum(['manifest', 'first_pull']).nullable()),
  startedAt: pub(Time), finishedAt: pub(Time.nullable()),
});
export type Pull = z.output<typeof Pull>;

export const startPull = operation({
  id: 'startPull', summary: 'Pull a model version: a pull under way or done is returned as it is, a failed one goes on', tag: 'catalog',
  method: 'POST', path: '/api/models/{model}/pull', access: 'project', servedBy: 'control',
  params: z.object({ model: pub(ModelName) }), request: z.strictObject({ version: pub(ModelVersion.optional()) }).prefault({}),
  response: Pull, status: 201, errors: ['model_not_found', 'model_not_deployable'],
});
export const showPull = operation({
  id: 'showPull', summary: 'Show a pull and its progress', tag: 'catalog', method: 'GET', path: '/api/pulls/{pull}',
  access: 'read', servedBy: 'control', params: z.object({ pull: pub(PullId) }), response: Pull, errors: ['pull_not_found'],
});
export const listPulls = operation({
  id: 'listPulls', summary: 'List pulls: those under way, then the latest that ended', tag: 'catalog', method: 'GET', path: '/api/pulls',
  access: 'read', servedBy: 'control', query: z.strictObject({ model: pub(ModelName.optional()) }),
  response: z.object({ data: z.array(Pull) }), errors: ['invalid_request'],
});
export const cancelPull = operation({
  id: 'cancelPull', summary: 'Cancel a pull under way and give its disk space back; one that has ended is returned as it is', tag: 'catalog', method: 'DELETE', path: '/api/pulls/{pull}',
  access: 'project', servedBy: 'control', params: z.object({ pull: pub(PullId) }), response: Pull, errors: ['pull_not_found'],
});
