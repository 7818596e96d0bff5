/** What an audit makes for itself and takes back: a token, an account and its session, engines, deployments, all in a project of its own. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Deployment } from '#contract/http/deployments.ts';
import type { ModelSummary } from '#contract/http/models.ts';
import { operations } from '#contract/operations.ts';
import { AuditError } from '../audit-error.ts';
import { isCanary } from '../canary.ts';
import { manners } from '../engine/server.ts';
import type { Manner } from '../engine/server.ts';
import { sentTo } from '../matrix/send.ts';
import { Api, auditProject } from './api.ts';
import type { Door } from './door.ts';
import { makeOwnFiles, sweepFiles } from './own-files.ts';
import type { OwnFiles } from './own-files.ts';

export interface OwnDeployment { name: string; key: string; engine: 'worker' | 'external'; manner: Manner; task: string }
export interface OwnObjects {
  deployments: OwnDeployment[]; token: string; engine: string; model: { name: string; version: string };
  /** Headers of a session of the audit's own account. */
  session: Record<string, string>;
  files: OwnFiles;
  /** Every credential that was made: none may be found anywhere but with its holder. */
  credentials: string[];
  /** Tasks for which there is no worker to ask, and why. */
  withoutWorker: { task: string; reason: string }[];
}

/** Milliseconds that a worker may take to start. */
const patience = 120_000;
const prefix = 'modelkeep-audit-';
export const throwAwayName = (): string => `${prefix}${randomBytes(6).toString('hex')}`;
/** Engines belong to no project: an audit's are known by their names. */
const isOwn = (name: string): boolean => name.startsWith(prefix) || isCanary(name);

/** Takes back what an audit that was killed has left. */
async function sweep(api: Api): Promise<void> {
  for (const { name } of (await api.ask(operations.listDeployments)).data) await api.call(operations.deleteDeployment, { params: { deployment: name } }, [404]);
  for (const { name } of (await api.ask(operations.listEngines)).data) if (isOwn(name)) await api.call(operations.removeEngine, { params: { engine: name } }, [404, 409]);
  for (const { name } of (await api.ask(operations.listPeople)).data) if (isOwn(name)) await api.call(operations.removePerson, { params: { person: name } }, [404]);
  await sweepFiles(api);
  for (const { name, default: stays } of (await api.ask(operations.listDatastores)).data) if (!stays) await api.call(operations.deleteDatastore, { params: { datastore: name } }, [404, 409]);
  for (const { id, revokedAt } of (await api.ask(operations.listTokens)).data) if (revokedAt === null) await api.call(operations.revokeToken, { params: { token: id } }, [404]);
}

async function ready(api: Api, name: string): Promise<Deployment> {
  for (const deadline = Date.now() + patience; ;) {
    const deployment = await api.ask(operations.showDeployment, { params: { deployment: name } });
    if (deployment.state !== 'starting' || Date.now() > deadline) return deployment;
    await sleep(100);
  }
}

async function deploy(api: Api, body: { model: string; version?: string; engine?: string; isolation?: Deployment['isolationRequirement']; contextLength?: number }, about: Pick<OwnDeployment, 'engine' | 'manner' | 'task'>): Promise<{ own: OwnDeployment; deployment: Deployment; keys: string[] }> {
  const name = throwAwayName();
  const created = await api.ask(operations.createDeployment, { body: { name, kind: 'serverless', ...body } });
  return { own: { name, key: created.primaryKey, ...about }, deployment: await ready(api, name), keys: [created.primaryKey, created.secondaryKey] };
}

const isChat = (task: string): boolean => task !== 'embeddings';
/** Refusals and broken answers differ by route, not by task: one model shows them. */
const shown = (task: string): Manner[] => (isChat(task) ? [...manners] : ['answers']);

async function onOwnEngine(api: Api, url: string, models: ModelSummary[], made: OwnObjects): Promise<void> {
  for (const task of ['chat-completion', 'embeddings'] as const) {
    const model = models.find((each) => each.task === task);
    if (!model) continue;
    for (const manner of shown(task)) {
      const engine = `${prefix}${task === 'embeddings' ? 'vectors' : manner}-${randomBytes(3).toString('hex')}`;
      await api.ask(operations.addEngine, { body: { name: engine, url, model: model.name, servedModel: manner } });
      const { own, keys } = await deploy(api, { model: model.name, version: model.version, engine }, { engine: 'external', manner, task });
      made.deployments.push(own);
      made.credentials.push(...keys);
      if (manner === 'answers' && isChat(task)) { made.engine = engine; made.model = { name: model.name, version: model.version }; }
    }
  }
}

/** Beside a deployment that is ready, with its settings, so that both share its worker; else of a model that was pulled. */
async function onWorkers(api: Api, models: ModelSummary[], seen: { name: string; project: string; model: string; state: string }[], show: (project: string, name: string) => Promise<Deployment | undefined>, made: OwnObjects): Promise<void> {
  const running = (await Promise.all(seen.filter(({ state }) => state === 'ready').map(({ project, name }) => show(project, name)))).filter((each) => each?.engine === null);
  for (const task of ['chat-completion', 'embeddings'] as const) {
    const like = running.find((each) => each?.task === task);
    const pulled = models.filter((each) => each.task === task && each.pull === 'pulled' && each.deployable).sort((a, b) => (a.size ?? Infinity) - (b.size ?? Infinity))[0];
    if (!like && !pulled) { made.withoutWorker.push({ task, reason: 'no model of this task is pulled' }); continue; }
    const wanted = like ? { model: like.model, version: like.modelVersion, isolation: like.isolationRequirement, ...(like.contextLength === null ? {} : { contextLength: like.contextLength }) } : { model: pulled?.name ?? '', version: pulled?.version ?? '' };
    const { own, deployment, keys } = await deploy(api, wanted, { engine: 'worker', manner: 'answers', task });
    made.credentials.push(...keys);
    if (deployment.state === 'ready') made.deployments.push(own); else made.withoutWorker.push({ task, reason: `its worker is ${deployment.state} (${deployment.failure ?? 'slow'})` });
  }
}

/** An account of its own, signed in by its link as a browser is. */
async function signedIn(api: Api, open: Door): Promise<{ session: Record<string, string>; secrets: string[] }> {
  const { link } = await api.ask(operations.addPerson, { body: { name: throwAwayName(), role: 'reader' } });
  const answer = await open.send(sentTo(operations.signIn, operations.signIn.path, { body: { method: 'link', code: link.code } }), {});
  if (answer.status !== 200) throw new AuditError('api_refused', `signIn ${answer.status ?? 'no answer'}`);
  const [cookie = ''] = String((JSON.parse(answer.headers) as Record<string, unknown>)['set-cookie']).split(';');
  const { csrf } = JSON.parse(answer.body.toString()) as { csrf: string };
  return { session: { cookie, 'x-modelkeep-csrf': csrf }, secrets: [link.code, cookie.slice(cookie.indexOf('=') + 1), csrf] };
}

/** `tokenName`: a canary. @throws AuditError api_refused, no_model */
export async function makeOwnObjects({ local, open }: { local: Door; open: Door }, engineUrl: string, tokenName: string): Promise<OwnObjects> {
  const api = new Api(local);
  await new Api(local, 'default').call(operations.createProject, { body: { name: auditProject } }, [409]);
  await sweep(api);
  const { token } = await api.ask(operations.createToken, { body: { name: tokenName, expiresInDays: 1 } });
  const { session, secrets } = await signedIn(api, open);
  const made: OwnObjects = { deployments: [], token, session, files: await makeOwnFiles(open, token), engine: '', model: { name: '', version: '' }, credentials: [token, ...secrets], withoutWorker: [] };
  const models = (await api.ask(operations.listModels)).data;
  await onOwnEngine(api, engineUrl, models, made);
  if (made.engine === '') throw new AuditError('no_model');
  const show = async (project: string, name: string): Promise<Deployment | undefined> => {
    const answer = await local.send({ method: 'GET', path: `/api/deployments/${name}`, headers: {}, body: undefined, credential: 'own' }, { 'x-modelkeep-project': project });
    return answer.status === 200 ? JSON.parse(answer.body.toString()) as Deployment : undefined;
  };
  await onWorkers(api, models, (await api.ask(operations.status)).deployments, show, made);
  return made;
}

/** Takes everything back. Tried whole, whatever fails. `uploads`: ids of those that may be open: nothing lists them. */
export async function takeBack(local: Door, uploads: string[]): Promise<void> {
  const api = new Api(local);
  for (const upload of uploads) await api.call(operations.cancelUpload, { params: { upload }, body: {} }, [404, 409]).catch(() => undefined);
  await sweep(api).catch(() => undefined);
}
