/** The audit: canaries through every route, then a search of every byte that is kept or sent, then a verdict. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataLayout, sockets } from '#contract/installation.ts';
import { serverVersion } from '../storage/dump.ts';
import { Cells } from './cell.ts';
import { checkReceived } from './engine/check-received.ts';
import { AuditEngine } from './engine/server.ts';
import type { Words } from './engine/server.ts';
import { databaseOf, findInstallation } from './installation.ts';
import type { Installation } from './installation.ts';
import { holdLock } from './lock.ts';
import { NetworkWatch } from './network/watch.ts';
import { outboundOf } from './outbound.ts';
import { Door } from './plant/door.ts';
import { makeOwnObjects, takeBack } from './plant/own-objects.ts';
import { plant } from './plant/plant.ts';
import type { Doors, Planted } from './plant/plant.ts';
import { PositiveControl } from './positive-control.ts';
import { processesOf } from './processes.ts';
import { stepper } from './progress.ts';
import type { Findings } from './report/findings.ts';
import { Needles } from './search/needles.ts';
import { Search } from './search/search.ts';
import { sinks } from './sinks/all.ts';
import { searchSink } from './sinks/sink.ts';
import type { SinkResult } from './sinks/sink.ts';

/** Milliseconds in which what is written late is written. */
const settlingMs = 1000;

/** What the audit's own engine says are canaries, too: answers may be kept no more than prompts. */
const wordsFor = (cells: Cells): Words => (path, stream, manner) => cells.add({
  operation: path, field: 'answer', mark: 'content', outcome: 'engine_answer', stream, engine: 'external', mayBeIn: manner === 'refuses' ? [] : ['answer'],
}).canary;

/** `interrupted`: rejects when the audit is to end early; what it made is taken back all the same. @throws AuditError */
export async function audit(data: string, run: string, interrupted: Promise<never>): Promise<Findings> {
  const since = Date.now();
  const installation = await findInstallation(data, run);
  mkdirSync(join(data, dataLayout.audits), { recursive: true, mode: 0o700 });
  const release = holdLock(join(data, dataLayout.audits, 'lock'));
  const cells = new Cells();
  const engine = await AuditEngine.start(wordsFor(cells));
  const doors = { open: Door.public(installation.origin, installation.authority), local: Door.local(join(run, sockets.gateway)) };
  const control = new PositiveControl(cells, join(data, dataLayout.audits));
  const watch = new NetworkWatch(() => processesOf(installation), engine.port);
  try { return await Promise.race([inspect({ since, installation, cells, engine, doors, control, watch, ...databaseOf(installation) }), interrupted]); } finally {
    watch.stop();
    control.remove();
    await takeBack(doors.local);
    await Promise.all([engine.stop(), doors.open.close(), doors.local.close()]);
    release();
  }
}

interface Parts { since: number; installation: Installation; cells: Cells; engine: AuditEngine; doors: Doors; control: PositiveControl; watch: NetworkWatch; databaseUrl: string; embedded: boolean }

async function inspect(parts: Parts): Promise<Findings> {
  const { since, installation, cells, doors, control, watch, databaseUrl, embedded, engine } = parts;
  const answers: Record<string, Buffer[]> = {};
  const { own, planted } = await plantAll(parts, answers);
  watch.stop();
  const outbound = await outboundOf(watch, installation, doors.local, databaseUrl);
  await sleep(settlingMs);
  const needles = new Needles(cells.canaries);
  const { results, surplus } = lookThroughMessages(needles, answers, engine);
  const ground = { installation, processes: [...processesOf(installation), await control.plant()], doors, cells, databaseUrl, embedded, since };
  const all = new Needles(cells.canaries);
  const step = stepper('searching');
  for (const [i, sink] of sinks.entries()) {
    step(i, sinks.length);
    results.push(await searchSink(sink, all, ground));
  }
  step(sinks.length, sinks.length);
  return {
    since, until: Date.now(), installation: { origin: installation.origin, region: installation.configuration.region, geography: installation.configuration.geography, database: embedded ? 'embedded' : 'external' },
    databaseVersion: await serverVersion(databaseUrl).catch(() => 'unknown'), cells, planted, withoutWorker: own.withoutWorker, results, outbound,
    engine: { requests: engine.received.length, surplus }, control: control.check(results),
  };
}

async function plantAll({ installation, cells, engine, doors, control, embedded }: Parts, answers: Record<string, Buffer[]>): Promise<{ own: Awaited<ReturnType<typeof makeOwnObjects>>; planted: Planted }> {
  stepper('preparing')(0, 1);
  const own = await makeOwnObjects(doors, engine.url, control.storedName(embedded));
  for (const credential of own.credentials) cells.adopt(credential, { operation: 'createDeployment', field: 'answer credential', mark: 'secret', outcome: 'complete', stream: false, engine: 'none', status: 201, mayBeIn: ['control memory', 'other memory'] });
  const planted = await plant({
    cells, doors, own, engineUrl: engine.url, progress: stepper('planting'), tooLarge: { gateway: installation.configuration.MODELKEEP_MAX_BODY_BYTES + 1, control: (1 << 20) + 65_536 },
    told: (place, bytes) => { (answers[place] ??= []).push(bytes); },
  });
  return { own, planted };
}

/** What callers were told, and what reached the audit's own engine: kept in memory until all canaries are known. */
function lookThroughMessages(needles: Needles, answers: Record<string, Buffer[]>, engine: AuditEngine): { results: SinkResult[]; surplus: Findings['engine']['surplus'] } {
  const told = new Search(needles);
  for (const [place, parts] of Object.entries(answers)) for (const bytes of parts) told.inBytes(place, bytes);
  const sent = new Search(needles);
  const surplus = checkReceived(engine.received, sent);
  const result = (id: string, title: string, place: 'answer' | 'engine', search: Search): SinkResult => ({ id, title, place, required: true, state: 'searched', files: search.files, bytes: search.bytes, seconds: 0, notCovered: [], hits: search.hits });
  return { surplus, results: [result('refusals', 'Refusals, and headers of all answers, as callers were told them', 'answer', told), result('own_engine', 'What was sent on to an external engine', 'engine', sent)] };
}
