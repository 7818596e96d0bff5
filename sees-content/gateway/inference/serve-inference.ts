/** One inference request, from its body to its last byte. See docs/life-of-an-inference-request.md. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '#contract/internal/principal.ts';
import type { Route } from '#contract/internal/routing-snapshot.ts';
import type { UsageRecord } from '#contract/internal/usage-record.ts';
import type { Upstream, UpstreamResponse } from '../../worker-host/upstream.ts';
import type { Admission } from '../admission.ts';
import { events } from '../events.ts';
import { GatewayError, publicError } from '../gateway-error.ts';
import type { Meter } from '../meter.ts';
import { parseJson, readBody, requireJson } from '../request-body.ts';
import { resolveDeployment } from '../resolve-deployment.ts';
import { asksForReceipt, receiptEvent, receiptHeader } from '../receipts/headers.ts';
import type { ReceiptDraft } from '../receipts/draft.ts';
import type { ReceiptIssuer } from '../receipts/issuer.ts';
import type { Match } from '../router.ts';
import type { RoutingTable } from '../routing-table.ts';
import { forwardedBody } from './forwarded-body.ts';
import { parseRequest } from './parse-request.ts';
import type { InferenceOperation, InferenceRequest } from './parse-request.ts';
import { stalledClientMs } from './read-frames.ts';
import { streamAnswer } from './streamed-answer.ts';
import { upstreamRefusal } from './upstream-refusal.ts';
import { readWhole, wholeAnswer } from './whole-answer.ts';
import type { Tokens } from './tokens.ts';

export interface InferenceContext {
  table: RoutingTable; meter: Meter; issuer: ReceiptIssuer; maxBodyBytes: number;
  upstreamOf(route: Route): Upstream | undefined;
  admissionOf(route: Route): Admission;
  cacheScopeOf(projectId: string): string;
}
export interface InferenceCall { request: IncomingMessage; response: ServerResponse; match: Match; principal: Principal; requestId: string; headers: Record<string, string>; start: number; /** What is known for the event that tells how the request ended. */ told: { deploymentId: string | null }; draft: ReceiptDraft }

const paths = { createChatCompletion: '/v1/chat/completions', createCompletion: '/v1/completions', createEmbeddings: '/v1/embeddings' } as const;
const meterNames = { createChatCompletion: 'chat_completion', createCompletion: 'completion', createEmbeddings: 'embeddings' } as const;
/** How long, in milliseconds, an engine may take to the first byte of a stream, and to a whole answer. */
const patience = { firstByte: 300_000, whole: 900_000 } as const;
const nothing: Tokens = { prompt: 0, cached: 0, output: 0 };

/** @throws GatewayError before anything was answered. */
export async function serveInference(call: InferenceCall, context: InferenceContext): Promise<void> {
  const { request, response, match, principal } = call;
  const operation = match.operation.id as InferenceOperation;
  const gone = new AbortController();
  response.once('close', () => { if (!response.writableFinished) gone.abort(); });
  requireJson(request.headers);
  const body = await readBody(request, context.maxBodyBytes);
  call.draft.received(body);
  const parsed = parseRequest(operation, parseJson(body), request.headers);
  const route = resolveDeployment(context.table, principal, { path: match.params['deployment'], headers: request.headers, model: parsed.body.model });
  call.told.deploymentId = route.id;
  call.draft.route = route;
  if (context.table.suspended(route.projectId)) throw new GatewayError('customer_key_denied');
  if ((route.task === 'embeddings') !== (operation === 'createEmbeddings')) throw new GatewayError('unsupported_parameter', 'model');
  const upstream = context.upstreamOf(route);
  if (!upstream) throw new GatewayError('deployment_not_ready');
  const admission = context.admissionOf(route);
  await admission.enter(gone.signal);
  let tokens = nothing;
  try {
    tokens = await answer(call, context, { parsed, route, upstream, gone, limitHeaders: admission.headers() });
  } finally { admission.leave(tokens.prompt + tokens.output); }
}

interface Work { parsed: InferenceRequest; route: Route; upstream: Upstream; /** Aborted when the caller leaves. */ gone: AbortController; limitHeaders: Record<string, string> }

async function answer(call: InferenceCall, context: InferenceContext, work: Work): Promise<Tokens> {
  const stream = work.parsed.operation !== 'createEmbeddings' && work.parsed.body.stream === true;
  let tooLate = false;
  const late = setTimeout(() => { tooLate = true; work.gone.abort(); }, stream ? patience.firstByte : patience.whole);
  try {
    const upstream = await send(call, context, work);
    if (stream) clearTimeout(late);
    return await pass(call, context, work, upstream);
  } catch (error) { throw tooLate ? new GatewayError('engine_timeout') : publicError(error); } finally { clearTimeout(late); }
}

/** Sends the request to the engine; a caller who leaves ends it there. */
async function send(call: InferenceCall, context: InferenceContext, { parsed, route, upstream, gone }: Work): Promise<UpstreamResponse> {
  const cacheScope = context.cacheScopeOf(route.projectId);
  const body = forwardedBody(parsed, route, cacheScope);
  call.draft.forwarded(body);
  call.draft.profile = upstream.profile;
  return await upstream.send({ path: paths[parsed.operation], body, requestId: call.requestId, cacheScope, signal: gone.signal });
}

/** Passes the answer on, and tells what it used. */
async function pass(call: InferenceCall, context: InferenceContext, work: Work, upstream: UpstreamResponse): Promise<Tokens> {
  const { parsed, route, gone, limitHeaders } = work;
  const headers = { ...call.headers, ...limitHeaders };
  const asked = asksForReceipt(call.request.headers);
  const record = (outcome: UsageRecord['outcome'], tokens: Tokens): UsageRecord => ({
    requestId: call.requestId, projectId: route.projectId, deploymentId: route.id, modelDigest: route.modelDigest, region: route.region, operation: meterNames[parsed.operation],
    outcome, at: Date.now(), promptTokens: tokens.prompt, cachedTokens: tokens.cached, outputTokens: tokens.output,
  });
  const finished = (outcome: 'complete' | 'aborted' | 'failed', tokens: Tokens, status: number, code: GatewayError['code'] | null): void => events.requestFinished({
    requestId: call.requestId, operation: parsed.operation, deploymentId: route.id, status, code, outcome, ms: Math.round(performance.now() - call.start), promptTokens: tokens.prompt, outputTokens: tokens.output,
  });
  const trusted = route.engine.kind === 'embedded';
  if (upstream.status !== 200) throw upstreamRefusal(upstream.status, await readWhole(upstream.body, 'refusal'), trusted);

  if (parsed.operation !== 'createEmbeddings' && parsed.body.stream === true) {
    const result = await streamAnswer(upstream.body, call.response, {
      trusted, includeUsage: parsed.body.stream_options?.include_usage === true, signal: gone.signal, openingFrames: parsed.operation === 'createChatCompletion' ? 1 : 0,
      headers: { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
      passed: (bytes) => call.draft.returned(bytes),
      commit: async (tokens, last) => {
        const { text, leaf } = context.issuer.issue(call.draft, { outcome: 'complete', status: 200, code: null, tokens, last });
        await context.meter.commit({ record: record('complete', tokens), receipt: leaf });
        return asked ? receiptEvent(text) : '';
      },
    });
    // An end that was withheld for want of the meter has its record under way already.
    if (result.outcome !== 'complete') {
      const metered = result.tokens.output > 0 && result.error?.code !== 'metering_unavailable';
      const { leaf } = context.issuer.issue(call.draft, { outcome: result.outcome, status: 200, code: result.error?.code ?? null, tokens: result.tokens });
      context.meter.note({ record: metered ? record(result.outcome, result.tokens) : undefined, receipt: leaf });
    }
    finished(result.outcome, result.tokens, 200, result.error?.code ?? null);
    return result.tokens;
  }
  const { body, tokens } = wholeAnswer(parsed, await readWhole(upstream.body, 'answer'), route.name, call.requestId);
  const { text, leaf } = context.issuer.issue(call.draft, { outcome: 'complete', status: 200, code: null, tokens, last: body });
  await context.meter.commit({ record: record('complete', tokens), receipt: leaf });
  call.response.writeHead(200, { ...headers, ...(asked ? receiptHeader(text) : {}), 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  call.response.setTimeout(stalledClientMs, () => call.response.destroy());
  finished('complete', tokens, 200, null);
  return tokens;
}
