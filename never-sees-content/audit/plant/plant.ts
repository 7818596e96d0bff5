/** Plants the whole matrix: every operation of the contract, through every door and engine that it has. */
import { carriesContent } from '#contract/operation.ts';
import type { Operation } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Cell, Cells } from '../cell.ts';
import type { AuditBucketServer } from '../engine/bucket-server.ts';
import { example } from '../matrix/example.ts';
import type { Givens } from '../matrix/example.ts';
import { inverseOf, isIrreversible, notPlanted, plan } from '../matrix/plan.ts';
import type { Ground } from '../matrix/plan.ts';
import type { Planned } from '../matrix/planned.ts';
import { absent, sentTo } from '../matrix/send.ts';
import { auditProject } from './api.ts';
import type { Answer, Door } from './door.ts';
import { throwAwayName } from './own-objects.ts';
import type { OwnDeployment, OwnObjects } from './own-objects.ts';
import { bySession, mayBeIn } from './may-be-in.ts';
import { idOf } from './journey.ts';
import { plantDatastores } from './plant-datastores.ts';
import { plantFiles } from './plant-files.ts';
import { plantKeys } from './plant-keys.ts';

export interface Doors { open: Door; local: Door }
export interface Planting { cells: Cells; doors: Doors; own: OwnObjects; tooLarge: { gateway: number; control: number }; engineUrl: string; keyServer: { url: string; token: string }; bucketServer: AuditBucketServer; /** Takes the id of an upload that was begun, and is to be given up in the end. */ begun: (upload: string) => void; /** Takes what a caller is told that must not repeat it. */ told: (place: string, bytes: Buffer) => void; progress(done: number, total: number): void }
interface Task { operation: Operation; planned: Planned; deployment: OwnDeployment | undefined }
export interface Planted {
  /** Operations of the contract that could not be planted at all, and what becomes of files and did not. */
  uncovered: string[];
  notPlanted: { operation: string; field: string; reason: string }[];
}

const all = Object.values(operations) as Operation[];
/** Requests on their way at once. */
const lanes = 4;

export async function plant(planting: Planting): Promise<Planted> {
  const tasks: Task[] = [];
  const uncovered: string[] = [];
  const left: Planted['notPlanted'] = [];
  for (const operation of all) {
    const ground = await groundOf(operation, planting);
    left.push(...notPlanted(operation, ground).map((field) => ({ operation: operation.id, field, reason: 'nothing takes back what it would make: planted in refused requests only' })));
    const found = carriesContent(operation) && operation.access === 'inference' ? await inferenceTasks(operation, ground, planting) : plan(operation, ground).map((planned) => ({ operation, planned, deployment: undefined }));
    if (found.length === 0) uncovered.push(operation.id);
    tasks.push(...found);
  }
  let done = 0;
  const queue = tasks.values();
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (const task of queue) {
      await perform(task, planting);
      planting.progress(++done, tasks.length);
    }
  }));
  // One after the other, when nothing else changes what they read.
  const designated = await plantDatastores(planting);
  left.push(...designated.left);
  uncovered.push(...designated.missed, ...await plantFiles(planting), ...await plantKeys(planting));
  return { uncovered, notPlanted: left };
}

/** On each deployment that answers the operation everything is planted; on the engines that fail, one field, whole and streamed. */
async function inferenceTasks(operation: Operation, common: Ground, planting: Planting): Promise<Task[]> {
  const tasks: Task[] = [];
  const served = new Set<string>();
  for (const deployment of planting.own.deployments) {
    const ground = { ...common, request: { model: deployment.name, max_tokens: 2 }, params: { deployment: deployment.name, model: deployment.name } };
    if (deployment.manner === 'answers') {
      if (!await answers(operation, ground, deployment, planting)) continue;
      served.add(deployment.task);
      tasks.push(...plan(operation, ground).map((planned) => ({ operation, planned, deployment })));
      continue;
    }
    if (!served.has(deployment.task)) continue;
    const outcome = deployment.manner === 'refuses' ? 'engine_refuses' : 'engine_breaks_off';
    const texts = plan(operation, ground).filter((planned) => planned.outcome === 'complete' && planned.mark === 'content' && planned.field.startsWith('request ') && !planned.field.startsWith('request by'));
    for (const stream of [false, true]) {
      const planned = texts.find((each) => each.stream === stream);
      if (planned) tasks.push({ operation, planned: { ...planned, outcome }, deployment });
    }
  }
  return tasks;
}

/** Whether this deployment is one for this operation: asked, since a new operation's task is not known here. */
async function answers(operation: Operation, ground: Ground, { key }: OwnDeployment, { doors }: Planting): Promise<boolean> {
  const sent = sentTo(operation, operation.path, { params: ground.params, body: operation.request && example(operation.request, ground.request) });
  return (await doors.open.send(sent, { authorization: `Bearer ${key}` })).status === 200;
}

/** Names of the audit's own things where something is read; of nothing where something would be taken away or made for ever. */
async function groundOf(operation: Operation, { own, tooLarge, engineUrl, doors, keyServer, bucketServer }: Planting): Promise<Ground> {
  const mine: Givens = { deployment: own.deployments[0]?.name, engine: own.engine, model: own.model.name, token: absent, slot: 'secondary', ...own.files };
  const stays = isIrreversible(operation);
  const nothing = Object.fromEntries([...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, absent]));
  const taken = stays ? await existing(operation, doors.local) : undefined;
  return {
    params: stays || takesAway(operation) ? nothing : mine, query: mine, taken: taken !== undefined, tooLarge: operation.servedBy === 'control' ? tooLarge.control : tooLarge.gateway,
    request: { model: own.model.name, engine: own.engine, url: engineUrl, ...atOwnServers(keyServer.url, bucketServer.url), ...taken },
    fresh: () => (operation.status === 201 && !stays ? { name: throwAwayName() } : {}),
  };
}

const takesAway = ({ id, method }: Operation): boolean => method === 'DELETE' || id === 'cancelUpload';

/** What a file is for, and where keys and data of a customer are: with servers of the audit's own, which refuse what they do not know. */
const atOwnServers = (url: string, bucketUrl: string): Givens => ({
  purpose: 'user_data', settings: { provider: 'vault', address: url, endpoint: url, vault: url, authority: url }, use: 'designated',
  place: { kind: 's3', endpoint: bucketUrl, region: 'audit', bucket: 'audit' }, credential: { accessKeyId: 'audit', secretAccessKey: 'audit', token: 'audit', pin: 'audit', clientSecret: 'audit' },
});

/** Name and version of something that this operation would make a second time. */
async function existing(operation: Operation, local: Door): Promise<Givens | undefined> {
  if (operation.path.includes('{')) return undefined;
  const answer = await local.send({ method: 'GET', path: operation.path, headers: {}, body: undefined, credential: 'own' }, { 'x-modelkeep-project': auditProject });
  if (answer.status !== 200) return undefined;
  const [one] = (JSON.parse(answer.body.toString()) as { data?: { name?: string; version?: string }[] }).data ?? [];
  return one?.name === undefined ? undefined : { name: one.name, ...(one.version === undefined ? {} : { version: one.version }) };
}

async function perform({ operation, planned, deployment }: Task, planting: Planting): Promise<void> {
  const { cells, doors, told } = planting;
  const { canary, cell } = cells.add({ operation: operation.id, field: planned.field, mark: planned.mark, outcome: planned.outcome, stream: planned.stream, engine: deployment?.engine ?? 'none' });
  const sent = planned.send(canary);
  const door = administers(operation) && sent.credential === 'own' ? doors.local : doors.open;
  const answer = await door.send(sent, authorization(operation, sent.credential, deployment, planting));
  cell.status = answer.status;
  cell.mayBeIn = mayBeIn(operation, cell);
  look(told, operation, cell, answer);
  if (answer.status === 201) await takeBackMade(operation, answer, doors.local);
  if (operation.id === 'createUpload' && idOf(answer) !== '') planting.begun(idOf(answer));
}

const administers = ({ access }: Operation): boolean => access === 'administrator' || access === 'people';

function authorization(operation: Operation, credential: 'own' | 'none' | { text: string }, deployment: OwnDeployment | undefined, { own }: Planting): Record<string, string> {
  if (credential === 'none' || operation.access === 'none') return {};
  if (typeof credential === 'object') return { authorization: `Bearer ${credential.text}` };
  if (administers(operation)) return { 'x-modelkeep-project': auditProject };
  if (bySession(operation)) return own.session;
  return { authorization: `Bearer ${deployment?.key ?? own.token}` };
}

/** The caller may be told its own words in a good answer; a refusal repeats nothing but the name of an unknown field. */
function look(told: Planting['told'], operation: Operation, cell: Cell, answer: Answer): void {
  const good = answer.status !== null && answer.status < 300;
  told(`headers of an answer of ${operation.id} (${cell.id})`, Buffer.from(answer.headers));
  if (!good) told(`refusal by ${operation.id} (${cell.id})`, answer.body);
}

async function takeBackMade(operation: Operation, answer: Answer, local: Door): Promise<void> {
  const inverse = inverseOf(operation);
  const { name, id } = JSON.parse(answer.body.toString()) as { name?: string; id?: string };
  const made = name ?? id;
  const parameter = /\{(\w+)\}$/.exec(inverse?.path ?? '')?.[1];
  if (inverse && made !== undefined && parameter !== undefined) await local.send(sentTo(inverse, inverse.path, { params: { [parameter]: made } }), { 'x-modelkeep-project': auditProject });
}
