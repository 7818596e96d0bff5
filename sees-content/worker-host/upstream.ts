/** Whatever answers for a deployment: a worker on this machine, or an engine that the operator registered. One protocol: OpenAI-compatible HTTP. */
import type { Readable } from 'node:stream';
import type { ErrorCode, FailureCode } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';

export interface UpstreamRequest { path: '/v1/chat/completions' | '/v1/completions' | '/v1/embeddings'; body: string; requestId: string; /** 64 hexadecimal digits: KV state is shared within it only. */ cacheScope: string; signal: AbortSignal }
export interface UpstreamResponse { status: number; body: Readable }

export class UpstreamError extends Error {
  readonly code: ErrorCode;
  readonly param: string | null;
  constructor(code: ErrorCode, param: string | null = null) {
    super(code);
    this.name = 'UpstreamError';
    this.code = code;
    this.param = param;
  }
}

export interface Upstream {
  readonly state: 'starting' | 'ready' | 'failed';
  readonly failure: FailureCode | null;
  readonly profile: IsolationProfile | null;
  readonly restarts: number;
  /** Sends a request that the contract has already accepted; resolves at the head of the answer. Aborting the signal reaches the engine. @throws UpstreamError */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}
