/** The gateway's HTTP: who asks, for what, and by whom it is answered. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataMap } from '#contract/data-map/data-map.ts';
import { openApiDocument } from '#contract/openapi.ts';
import { promises } from '#contract/promises.ts';
import { errorCodes } from '#contract/error-codes.ts';
import type { Principal } from '#contract/internal/principal.ts';
import type { OperationId } from '#contract/operations.ts';
import { endUnread, reply, replyUnread, requestHeaders } from './answers.ts';
import type { Authenticator } from './authentication.ts';
import { GuessingGuard, presentedKey } from './authentication.ts';
import { authorise } from './authorisation.ts';
import type { ControlClient } from './control-client.ts';
import { events } from './events.ts';
import { isFile, isFileOperation, sendFile, serveFiles } from './files/serve-files.ts';
import type { FileAnswer } from './files/file-content.ts';
import type { FileParts } from './files/store-content.ts';
import { errorBody, errorHeaders, GatewayError, publicError } from './gateway-error.ts';
import { serveInference } from './inference/serve-inference.ts';
import type { Meter } from './meter.ts';
import { listModels, modelInfo, retrieveModel } from './openai-models.ts';
import { ReceiptDraft } from './receipts/draft.ts';
import { asksForReceipt, receiptHeader, receiptHeaders } from './receipts/headers.ts';
import type { ReceiptIssuer } from './receipts/issuer.ts';
import { saltOf } from './receipts/salt.ts';
import { showReceipt } from './receipts/show-receipt.ts';
import type { Ending } from './receipts/statements.ts';
import { readBody, requireJson } from './request-body.ts';
import { newRequestId } from './request-id.ts';
import { route } from './router.ts';
import type { Match } from './router.ts';
import { SessionDoor } from './session/session-door.ts';
import type { SessionAnswer } from './session/session-door.ts';
import type { BuiltStudio } from './studio/built-files.ts';
import { serveStudio } from './studio/serve-studio.ts';
import type { Upstreams } from './upstreams.ts';

export interface GatewayParts { control: ControlClient; authenticator: Authenticator; upstreams: Upstreams; meter: Meter; issuer: ReceiptIssuer; maxBodyBytes: number; /** Undefined where it is not built. */ studio: BuiltStudio | undefined; files: FileParts }

/** What is known of a request so far, for the one event that tells how it ended. */
interface Told { requestId: string; operation: OperationId | null; deploymentId: string | null; start: number; draft: ReceiptDraft; /** What anyone may read has no receipt. */ open: boolean }

function finished(told: Told, outcome: 'complete' | 'refused' | 'aborted' | 'failed', status: number, code: keyof typeof errorCodes | null): void {
  const { requestId, operation, deploymentId, start } = told;
  events.requestFinished({ requestId, operation, deploymentId, status, code, outcome, ms: Math.round(performance.now() - start), promptTokens: 0, outputTokens: 0 });
}

/** Refusals by which a guess is known. */
const guessed = new Set<keyof typeof errorCodes>(['invalid_api_key', 'sign_in_refused', 'sign_in_limited', 'session_ended']);

/** The status that stands in the event of a request whose caller left before it was answered. */
const callerLeft = 499;

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #guard = new GuessingGuard();
  readonly #openapi = JSON.stringify(openApiDocument());
  readonly #dataMap = JSON.stringify(dataMap());
  stopping = false;
  active = 0;

  readonly #sessions: SessionDoor;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#sessions = new SessionDoor(parts.authenticator, parts.control);
  }

  /** `local`: the connection came through the local door. */
  handler(local: boolean): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
      this.active++;
      const requestId = newRequestId();
      const draft = new ReceiptDraft(requestId, request.method ?? 'GET', saltOf(local ? undefined : anyKey(request.headers), requestId));
      const told: Told = { requestId, operation: null, deploymentId: null, start: performance.now(), draft, open: false };
      response.once('close', () => { this.active--; });
      response.once('finish', () => { endUnread(request); });
      response.on('error', () => undefined);
      this.#serve(request, response, told, local).catch((error: unknown) => this.#refuse(request, response, told, error));
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse, told: Told, local: boolean): Promise<void> {
    const { requestId, start } = told;
    const [rawPath = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const path = rawPath.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
    if (serveStudio(request, response, path, this.#parts.studio)) return;
    const match = route(request.method ?? 'GET', path);
    if (typeof match === 'string') throw new GatewayError(match);
    told.operation = match.operation.id as OperationId;
    told.draft.endpoint = match.pattern;
    told.open = match.operation.access === 'none';
    if (this.stopping && match.operation.access !== 'none') throw new GatewayError('shutting_down');
    const headers = { ...requestHeaders(requestId), ...(told.open ? {} : receiptHeaders(told.draft)) };
    if (match.operation.media !== undefined && match.operation.servedBy === 'control') { await this.#forwardPublished(response, told, path, headers); return; }
    const { authenticator, control } = this.#parts;
    // Whoever ends TLS before us says so; a caller who says it wrongly changes nothing but the name of the caller's own cookie.
    const secure = ('encrypted' in request.socket && request.socket.encrypted === true) || request.headers['x-forwarded-proto'] === 'https';
    if (match.operation.id === 'signIn') { this.#answerSession(response, told, headers, await this.#sessions.signIn(request, secure)); return; }
    const whoAsks = async (): Promise<Principal> => {
      if (local) return authenticator.local(request.headers, control.table);
      const session = presentedKey(request.headers) === undefined ? await this.#sessions.principalOf(request, secure) : undefined;
      return session ?? authenticator.authenticate(request.headers, control.table);
    };
    if (match.operation.id === 'showReceipt') {
      // Through the local door too, the receipt of a request that was made with a key is for that key.
      const holder = async (): Promise<Principal> => (anyKey(request.headers) === undefined ? await whoAsks() : authenticator.authenticate(request.headers, control.table));
      await this.#serveReceipt(match, response, headers, holder);
      return;
    }
    if (told.open) { this.#serveOpen(match, response, headers); return; }
    const principal = await whoAsks();
    told.draft.principal = principal;
    authorise(principal, match.operation.access);
    const session = await this.#serveSession(match, request, principal, secure);
    if (session) { this.#answerSession(response, told, headers, session, request); return; }
    if (isFileOperation(match.operation.id)) { await this.#serveFiles(match, request, response, principal, told, headers); return; }
    if (match.operation.servedBy === 'control') { await this.#forward(request, response, principal, told, `${path}${query === '' ? '' : `?${query}`}`, headers); return; }
    if (match.operation.method === 'GET') { this.#serveModels(match, request, response, principal, query, headers, told); finished(told, 'complete', 200, null); return; }
    await serveInference({ request, response, match, principal, requestId, headers, start, told, draft: told.draft }, {
      table: control.table, meter: this.#parts.meter, issuer: this.#parts.issuer, maxBodyBytes: this.#parts.maxBodyBytes,
      upstreamOf: (to) => this.#parts.upstreams.upstreamOf(to), admissionOf: (to) => this.#parts.upstreams.admissionOf(to), cacheScopeOf: (project) => this.#parts.upstreams.cacheScopeOf(project),
    });
  }

  #serveOpen({ operation }: Match, response: ServerResponse, headers: Record<string, string>): void {
    const { control } = this.#parts;
    if (operation.id === 'openapi') { reply(response, 200, headers, this.#openapi); return; }
    if (operation.id === 'showDataMap') { reply(response, 200, headers, this.#dataMap); return; }
    if (operation.id === 'listPromises') { reply(response, 200, headers, { data: promises }); return; }
    if (operation.id === 'live') { reply(response, 200, headers, { status: 'ok' }); return; }
    const status = this.stopping ? 'stopping' : control.table.version > 0 ? 'ready' : 'starting';
    reply(response, status === 'ready' ? 200 : 503, headers, { status, control: control.connected, snapshot: control.table.version });
  }

  /** Undefined where the operation is not one of a session's own. */
  async #serveSession({ operation }: Match, request: IncomingMessage, principal: Principal, secure: boolean): Promise<SessionAnswer | undefined> {
    switch (operation.id) {
      case 'showSession': return await this.#sessions.show(request, principal, secure);
      case 'signOut': return await this.#sessions.signOut(principal, secure);
      case 'changePassword': requireJson(request.headers); return await this.#sessions.changePassword(request, principal);
      default: return undefined;
    }
  }

  /** `request`: where the operation has a receipt. */
  #answerSession(response: ServerResponse, told: Told, headers: Record<string, string>, { body, headers: more }: SessionAnswer, request?: IncomingMessage): void {
    const text = JSON.stringify(body);
    reply(response, 200, { ...headers, ...more, ...(request ? this.#conclude(request, told, { outcome: 'complete', status: 200, code: null, last: text }) : {}) }, text);
    finished(told, 'complete', 200, null);
  }

  async #serveFiles(match: Match, request: IncomingMessage, response: ServerResponse, principal: Principal, told: Told, headers: Record<string, string>): Promise<void> {
    const { files, maxBodyBytes } = this.#parts;
    const answer = await serveFiles({ request, match, principal, maxBodyBytes, received: (body) => told.draft.received(body) }, files);
    if (isFile(answer)) { await this.#sendFile(answer, request, response, told, headers); return; }
    if (match.operation.tag === 'files') told.draft.retention = 'sealed';
    const status = match.operation.status ?? 200;
    const text = JSON.stringify(answer);
    reply(response, status, { ...headers, ...this.#conclude(request, told, { outcome: 'complete', status, code: null, last: text }) }, text);
    finished(told, 'complete', status, null);
  }

  /** Its receipt is made when the last byte has gone, and is there to be asked for. */
  async #sendFile(answer: FileAnswer, request: IncomingMessage, response: ServerResponse, told: Told, headers: Record<string, string>): Promise<void> {
    response.writeHead(answer.status, { ...headers, ...answer.headers });
    const outcome = await sendFile(answer, response, (chunk) => told.draft.returned(chunk)) ? 'complete' : 'aborted';
    this.#conclude(request, told, { outcome, status: answer.status, code: null });
    finished(told, outcome, answer.status, null);
  }

  #serveModels(match: Match, request: IncomingMessage, response: ServerResponse, principal: Principal, query: string, headers: Record<string, string>, told: Told): void {
    const body = JSON.stringify(this.#models(match, request, principal, query));
    reply(response, 200, { ...headers, ...this.#conclude(request, told, { outcome: 'complete', status: 200, code: null, last: body }) }, body);
  }

  #models(match: Match, request: IncomingMessage, principal: Principal, query: string): object {
    const { table } = this.#parts.control;
    switch (match.operation.id) {
      case 'listOpenAIModels': return listModels(table, principal);
      case 'retrieveOpenAIModel': return retrieveModel(table, principal, match.params['model'] ?? '');
      case 'modelInfo': return modelInfo(table, principal, { path: match.params['deployment'], headers: request.headers, model: new URLSearchParams(query).get('model') ?? undefined });
      default: throw new GatewayError('not_found');
    }
  }

  async #forward(request: IncomingMessage, response: ServerResponse, principal: Principal, told: Told, path: string, headers: Record<string, string>): Promise<void> {
    const body = await readBody(request, this.#parts.maxBodyBytes);
    told.draft.received(body);
    if (body.length > 0) requireJson(request.headers);
    const answer = await this.#askControl({
      path, method: request.method ?? 'GET', body, headers: { 'x-modelkeep-principal': JSON.stringify(principal), 'x-request-id': told.requestId, 'content-type': 'application/json' },
    });
    const code = answer.status >= 400 ? readCode(answer.body.toString()) : undefined;
    const outcome = answer.status < 400 ? 'complete' : 'refused';
    const receipt = this.#conclude(request, told, { outcome, status: answer.status, code: code ?? null, last: answer.body });
    const wait = Number(answer.headers['retry-after-ms']);
    reply(response, answer.status, { ...headers, ...(code ? errorHeaders(new GatewayError(code, null, wait > 0 ? wait : undefined)) : {}), ...receipt }, answer.body);
    finished(told, outcome, answer.status, code ?? null);
  }

  /** Signs the receipt of an answer without usage, and sends its leaf on its way. @returns the header with it, where it was asked for */
  #conclude(request: IncomingMessage, { draft }: Told, ending: Ending): Record<string, string> {
    const { text, leaf } = this.#parts.issuer.issue(draft, ending);
    this.#parts.meter.note({ receipt: leaf });
    return asksForReceipt(request.headers) ? receiptHeader(text) : {};
  }

  async #serveReceipt(match: Match, response: ServerResponse, headers: Record<string, string>, whoAsks: () => Promise<Principal>): Promise<void> {
    const { issuer, control } = this.#parts;
    reply(response, 200, headers, await showReceipt(match.params['id'] ?? '', issuer, whoAsks, (leaf, keyId) => control.proveReceipt(leaf, keyId)));
  }

  /** @throws GatewayError control_unavailable */
  async #askControl(request: Parameters<ControlClient['forward']>[0]): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
    try {
      const answer = await this.#parts.control.forward(request);
      return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
    } catch { throw new GatewayError('control_unavailable'); }
  }

  /** What control publishes for anyone, as its bytes. Nothing of the request but its path goes there. */
  async #forwardPublished(response: ServerResponse, told: Told, path: string, headers: Record<string, string>): Promise<void> {
    const answer = await this.#askControl({ path, method: 'GET', body: Buffer.alloc(0), headers: { 'x-request-id': told.requestId } });
    if (answer.status !== 200) throw new GatewayError(readCode(answer.body.toString()) ?? 'control_unavailable');
    reply(response, 200, { ...headers, 'content-type': String(answer.headers['content-type']), 'cache-control': String(answer.headers['cache-control']) }, answer.body);
    finished(told, 'complete', 200, null);
  }

  async #refuse(request: IncomingMessage, response: ServerResponse, told: Told, thrown: unknown): Promise<void> {
    const error = publicError(thrown);
    if (response.destroyed && !response.writableEnded) {
      if (!told.open) this.#conclude(request, told, { outcome: 'aborted', status: callerLeft, code: null });
      finished(told, 'aborted', callerLeft, null);
      return;
    }
    if (error.code === 'internal_error') events.unexpected(told.requestId, thrown instanceof Error ? thrown.name : 'unknown', codeOf(thrown));
    const { status } = errorCodes[error.code];
    finished(told, status < 500 ? 'refused' : 'failed', status, error.code);
    if (response.destroyed || response.headersSent) { response.destroy(); return; }
    if (guessed.has(error.code)) await sleep(this.#guard.refused(request.socket.remoteAddress ?? ''), undefined, { ref: false });
    const body = JSON.stringify(errorBody(error));
    const receipt = told.open ? {} : { ...receiptHeaders(told.draft), ...this.#conclude(request, told, { outcome: status < 500 ? 'refused' : 'failed', status, code: error.code, last: body }) };
    const headers = { ...requestHeaders(told.requestId), ...errorHeaders(error), ...receipt };
    if (request.complete) reply(response, status, headers, body); else replyUnread(request, response, status, headers, body);
  }
}

/** The key that a request carries, where it carries one. */
function anyKey(headers: IncomingHttpHeaders): string | undefined {
  try { return presentedKey(headers); } catch { return undefined; }
}

function readCode(text: string): keyof typeof errorCodes | undefined {
  try {
    const code = (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? '';
    return Object.hasOwn(errorCodes, code) ? code as keyof typeof errorCodes : undefined;
  } catch { return undefined; }
}

function codeOf(error: unknown): string | null {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : null;
}
