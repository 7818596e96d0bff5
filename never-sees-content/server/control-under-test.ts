/** Control's server in this process, with a real database and a real key-custody process, asked over its socket as the gateway asks it. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import type { Dispatcher } from 'undici';
import { sockets } from '#contract/installation.ts';
import type { Principal } from '#contract/internal/principal.ts';
import { AuditRunner } from '../audits/audit-runner.ts';
import { loadDeclaredModels } from '../catalog/load-declared-models.ts';
import { ModelMemory } from '../catalog/memory/model-memory.ts';
import { PullRunner } from '../catalog/pull/pull-runner.ts';
import { CatalogIndex } from '../catalog/search/catalog-index.ts';
import { DeploymentStates } from '../deployments/states.ts';
import { SnapshotPublisher } from '../deployments/snapshot-publisher.ts';
import { Health } from '../health/health.ts';
import { CustodyClient } from '../identity/custody-client.ts';
import { identifier } from '../identity/identifier.ts';
import { Sessions } from '../identity/sessions.ts';
import { newOrderKeys } from '../orders/order-signer.ts';
import { LedgerPublisher } from '../ledger/publisher.ts';
import type { DatabaseUnderTest } from '../storage/database-under-test.ts';
import { bootstrap } from './bootstrap.ts';
import { closeDataParts, dataParts, startDataParts } from './data-parts.ts';
import type { ControlConfig } from './config.ts';
import type { ControlContext } from './handler.ts';
import { controlServer } from './server.ts';

export interface Answer { status: number; body: Record<string, unknown>; headers: Dispatcher.ResponseData['headers'] }
export const localUser: Principal = { kind: 'local_user', id: 'local', projectId: null, deploymentId: null };

export class ControlUnderTest {
  readonly context: ControlContext;
  /** Made by bootstrapping. */
  readonly administratorCredential: string | undefined;
  /** How many milliseconds sessions believe that it is later. */
  readonly clock: { ahead: number };
  readonly #server: Server;
  readonly #custody: ChildProcess;
  readonly #agent: Agent;

  private constructor(context: ControlContext, administratorCredential: string | undefined, server: Server, custody: ChildProcess, clock: { ahead: number }) {
    this.clock = clock;
    this.context = context;
    this.administratorCredential = administratorCredential;
    this.#server = server;
    this.#custody = custody;
    this.#agent = new Agent({ connect: { socketPath: join(context.config.runFolder, sockets.control) } });
  }

  static async start(database: DatabaseUnderTest, { hfEndpoint = 'http://127.0.0.1:9' }: { hfEndpoint?: string } = {}): Promise<ControlUnderTest> {
    const [dataFolder, runFolder] = [join(database.folder, 'data'), join(database.folder, 'run')];
    const orderKeys = newOrderKeys();
    const child = await startCustody(dataFolder, runFolder, orderKeys.publicKey);
    const { storage } = database;
    const custody = new CustodyClient(runFolder);
    const administratorCredential = await bootstrap(storage, custody);
    await loadDeclaredModels(storage);
    const config: ControlConfig = {
      dataFolder, runFolder, databaseUrl: database.url, embedded: true, region: 'north', geography: 'europe', publicOrigin: 'http://127.0.0.1:8420', orderKey: orderKeys.privateKey,
      hfEndpoint, hfTokenFile: undefined, witnessesFile: undefined, migrate: true, pipEnvironment: {}, sessionIdleMs: 30 * 60_000, sessionMs: 12 * 3_600_000, stopOnStdinEnd: false,
    };
    const catalog = new CatalogIndex(storage);
    const modelsFolder = join(dataFolder, 'models');
    const pulls = new PullRunner(storage, catalog, { modelsFolder, hfEndpoint: config.hfEndpoint, hfTokenFile: undefined, pipEnvironment: {} });
    const clock = { ahead: 0 };
    const sessions = new Sessions(storage, custody, { idleMs: config.sessionIdleMs, sessionMs: config.sessionMs, now: () => Date.now() + clock.ahead });
    const parts = dataParts(storage, custody, config);
    const context: ControlContext = { ...parts, storage, custody, catalog, memory: new ModelMemory(modelsFolder), pulls, sessions, config, startedAt: new Date(), audits: new AuditRunner(storage, config), health: new Health(), states: new DeploymentStates(), snapshots: new SnapshotPublisher(storage, dataFolder, parts.keyStates), ledger: new LedgerPublisher(storage, custody) };
    context.ledger.start();
    startDataParts(parts, () => context.snapshots.publish());
    const server = controlServer(context).listen(join(runFolder, sockets.control));
    await once(server, 'listening');
    return new ControlUnderTest(context, administratorCredential, server, child, clock);
  }

  /** One request; `body` goes as JSON unless it is bytes already. */
  async ask(method: 'GET' | 'POST' | 'DELETE', path: string, options: { as?: Principal | null; body?: unknown } = {}): Promise<Answer> {
    const { as = localUser, body } = options;
    const answer = await request(`http://control${path}`, {
      method, dispatcher: this.#agent, body: body === undefined ? null : Buffer.isBuffer(body) ? body : JSON.stringify(body),
      headers: { ...(as ? { 'x-modelkeep-principal': JSON.stringify(as) } : {}), 'x-request-id': `req_${identifier('key').slice(4)}` },
    });
    return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown>, headers: answer.headers };
  }

  /** What is published for anyone, as its bytes. @throws Error where it is not there. */
  async bytes(path: string): Promise<Buffer> {
    const answer = await request(`http://control${path}`, { dispatcher: this.#agent });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${bytes.toString()}`);
    return bytes;
  }

  /** Asks, and returns the body of success. @throws Error with the answer where it was refused. */
  async get<T = Record<string, unknown>>(...args: Parameters<ControlUnderTest['ask']>): Promise<T> {
    const { status, body } = await this.ask(...args);
    if (status >= 300) throw new Error(`${args[0]} ${args[1]}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  }

  /** Asks, and returns the status and code of the refusal. */
  async refusal(...args: Parameters<ControlUnderTest['ask']>): Promise<string> {
    const { status, body } = await this.ask(...args);
    const error = body['error'] as { code: string; param: string | null } | undefined;
    return `${status} ${error?.code ?? 'none'}${error?.param === null || error === undefined ? '' : ` ${error.param}`}`;
  }

  /** The lines of the snapshot stream, without those that keep it alive. */
  async snapshots(): Promise<SnapshotStream> {
    const answer = await request('http://control/internal/routing-snapshots', { dispatcher: this.#agent });
    return new SnapshotStream(answer.body);
  }

  /** Marks a model as pulled, as the end of a pull does. */
  async pretendPulled(name: string): Promise<string> {
    const digest = `sha256:${'ab'.repeat(32)}`;
    await this.context.storage.transact({ kind: 'system', id: 'control' }, async (tx) => {
      await tx.updateTable('model_versions').set({ artifact_digest: digest, artifact_size: 1000, pinned: 'manifest' }).where('name', '=', name).execute();
      return { result: undefined, entry: { kind: 'pull.finished', object: digest, projectId: null, facts: {} } };
    });
    this.context.catalog.changed(name);
    return digest;
  }

  async stop(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.context.snapshots.close();
    closeDataParts(this.context);
    this.#server.closeAllConnections();
    await Promise.all([ended, this.#agent.destroy(), this.context.pulls.close(), this.context.audits.close(), this.context.ledger.close()]);
    this.#custody.kill('SIGTERM');
    await once(this.#custody, 'exit');
  }
}

export class SnapshotStream {
  readonly #body: Dispatcher.ResponseData['body'];
  readonly #iterator: AsyncIterator<Buffer>;
  #text = '';
  constructor(body: Dispatcher.ResponseData['body']) {
    this.#body = body;
    this.#iterator = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async next(): Promise<unknown> {
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end >= 0) {
        const line = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 1);
        if (line !== '') return JSON.parse(line);
        continue;
      }
      const chunk = await this.#iterator.next();
      if (chunk.done) return undefined;
      this.#text += chunk.value.toString('utf8');
    }
  }

  close(): void { this.#body.on('error', () => undefined).destroy(); }
}

/** Starts key-custody as the supervisor does: by its file, with two folders. */
export async function startCustody(dataFolder: string, runFolder: string, orderKey?: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../holds-keys/custody/main.ts', import.meta.url))], {
    env: { MODELKEEP_DATA: dataFolder, MODELKEEP_RUN: runFolder, MODELKEEP_READY_FD: '3', MODELKEEP_STOP_ON_STDIN_END: '1', ...(orderKey === undefined ? {} : { MODELKEEP_ORDER_KEY: orderKey }) }, stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
  const pipe = child.stdio[3];
  if (pipe) await once(pipe, 'data');
  return child;
}
