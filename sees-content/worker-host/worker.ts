/** One sandboxed worker: started, probed from inside, refused or loaded, and spoken to over its one socket. */
import { connect, constants } from 'node:http2';
import type { ClientHttp2Session, ClientHttp2Stream } from 'node:http2';
import type { FailureCode } from '#contract/error-codes.ts';
import { failureCodes } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';
import { LoadResult, ProbeResult } from '#contract/internal/worker-protocol.ts';
import type { LoadRequest } from '#contract/internal/worker-protocol.ts';
import type { Environment } from './isolation/environment.ts';
import { launch } from './isolation/launch.ts';
import type { Launched, LaunchSpec } from './isolation/launch.ts';
import { meetsRequirement, verify } from './isolation/verify.ts';
import { UpstreamError } from './upstream.ts';
import type { UpstreamRequest, UpstreamResponse } from './upstream.ts';

export class WorkerFailure extends Error {
  readonly code: FailureCode;
  readonly profile: IsolationProfile | null;
  constructor(code: FailureCode, profile: IsolationProfile | null = null) {
    super(code);
    this.name = 'WorkerFailure';
    this.code = code;
    this.profile = profile;
  }
}

const loadLimitMs = 600_000;

export class Worker {
  readonly profile: IsolationProfile;
  readonly exited: Promise<void>;
  readonly #launched: Launched;
  readonly #session: ClientHttp2Session;

  private constructor(launched: Launched, session: ClientHttp2Session, exited: Promise<void>, profile: IsolationProfile) {
    this.#launched = launched;
    this.#session = session;
    this.exited = exited;
    this.profile = profile;
  }

  /** Starts a worker without a model, has it attack from inside, and ends it: what this machine can enforce. @throws where none could be started. */
  static async examine(spec: LaunchSpec, environment: Environment): Promise<IsolationProfile> {
    const { launched, exited, session } = open(spec, environment);
    try { return verify(environment.tier, ProbeResult.parse(await ask(session, 'GET', '/probe', undefined, 30_000, exited)), launched.mechanisms); } finally {
      session.destroy();
      launched.child.kill('SIGKILL');
    }
  }

  /** @throws WorkerFailure; nothing is left running then. */
  static async start(spec: LaunchSpec, load: LoadRequest, requirement: 'required' | 'best-effort', environment: Environment): Promise<Worker> {
    const { launched, exited, session } = open(spec, environment);
    let profile: IsolationProfile | null = null;
    try {
      const probe = ProbeResult.parse(await ask(session, 'GET', '/probe', undefined, 30_000, exited));
      profile = verify(environment.tier, probe, launched.mechanisms);
      if (requirement === 'required' && !meetsRequirement(profile)) throw new WorkerFailure('isolation_unavailable', profile);
      LoadResult.parse(await ask(session, 'POST', '/load', load, loadLimitMs, exited));
      return new Worker(launched, session, exited, profile);
    } catch (error) {
      launched.child.kill('SIGKILL');
      session.destroy();
      if (error instanceof WorkerFailure) throw new WorkerFailure(error.code, error.profile ?? profile);
      // Without a sandbox that could be set up there is no worker to ask: that is a missing guarantee, not a broken model.
      throw new WorkerFailure(profile === null ? 'isolation_unavailable' : 'model_load_failed', profile);
    }
  }

  get pid(): number { return this.#launched.child.pid ?? -1; }

  async send(request: UpstreamRequest): Promise<UpstreamResponse> {
    if (this.#session.closed || this.#session.destroyed) throw new UpstreamError('engine_crashed');
    const stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: 'POST', [constants.HTTP2_HEADER_PATH]: request.path, 'content-type': 'application/json',
      'x-request-id': request.requestId, 'x-modelkeep-cache-scope': request.cacheScope,
    });
    const leave = (): void => stream.close(constants.NGHTTP2_CANCEL);
    if (request.signal.aborted) leave(); else request.signal.addEventListener('abort', leave, { once: true });
    stream.once('close', () => request.signal.removeEventListener('abort', leave));
    stream.end(request.body);
    return await new Promise((resolve, reject) => {
      stream.once('response', (headers) => resolve({ status: Number(headers[':status']), body: stream }));
      // After the head an error belongs to the body's reader; before it, to the caller.
      stream.once('error', () => reject(new UpstreamError('engine_crashed')));
      stream.once('close', () => reject(new UpstreamError('engine_crashed')));
    });
  }

  async stop(): Promise<void> {
    this.#session.destroy();
    this.#launched.child.kill('SIGKILL');
    await this.exited;
  }
}

function open(spec: LaunchSpec, environment: Environment): { launched: Launched; exited: Promise<void>; session: ClientHttp2Session } {
  const launched = launch(spec, environment);
  const exited = new Promise<void>((resolve) => { launched.child.once('exit', () => resolve()); launched.child.once('error', () => resolve()); });
  launched.socket.on('error', () => undefined);
  const session = connect('http://worker', { createConnection: () => launched.socket, settings: { enablePush: false, initialWindowSize: 1 << 20 }, peerMaxConcurrentStreams: 4096 });
  session.on('error', () => undefined);
  return { launched, exited, session };
}

/** A small JSON exchange. @throws WorkerFailure with the code that the worker names. */
async function ask(session: ClientHttp2Session, method: string, path: string, body: object | undefined, limitMs: number, exited: Promise<void>): Promise<unknown> {
  const stream = session.request({ [constants.HTTP2_HEADER_METHOD]: method, [constants.HTTP2_HEADER_PATH]: path }, { endStream: body === undefined });
  if (body !== undefined) stream.end(JSON.stringify(body));
  const gone = exited.then(() => { throw new Error('worker ended'); });
  gone.catch(() => undefined);
  const late = setTimeout(() => stream.destroy(new Error('late')), limitMs);
  try {
    const { status, text } = await Promise.race([collect(stream), gone]);
    const value = JSON.parse(text) as { error?: { code?: string } };
    if (status === 200) return value;
    const code = value.error?.code ?? '';
    throw new WorkerFailure(Object.hasOwn(failureCodes, code) ? code as FailureCode : 'model_load_failed');
  } finally { clearTimeout(late); }
}

async function collect(stream: ClientHttp2Stream): Promise<{ status: number; text: string }> {
  let status = 0;
  stream.once('response', (headers) => { status = Number(headers[':status']); });
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return { status, text: Buffer.concat(chunks).toString('utf8') };
}
