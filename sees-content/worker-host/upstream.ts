/** What answers a deployment's requests, whichever it is: an embedded worker, or an engine that the operator registered. */
import type { Readable } from 'node:stream';
import type { ErrorCode, FailureCode } from '#contract/error-codes.ts';
import type { IsolationProfile } from '#contract/internal/isolation-profile.ts';

export interface UpstreamRequest {
  path: string;
  /** JSON, already validated. */
  body: Buffer | string;
  requestId: string;
  /** 64 hexadecimal digits: whose KV and prefix cache the request may use. */
  cacheScope: string;
  signal: AbortSignal;
}

export interface UpstreamResponse { status: number; body: Readable }

export interface Upstream {
  /**
   * Sends an already validated request and resolves at the response's head. Aborting the signal reaches the engine.
   * Rejects with UpstreamError, or with the signal's reason where the caller left; so does the body when it breaks off.
   */
  send(request: UpstreamRequest): Promise<UpstreamResponse>;
  readonly state: 'starting' | 'ready' | 'failed';
  readonly failure: FailureCode | null;
  readonly profile: IsolationProfile | null;
  /** How often the engine was started again. */
  readonly restarts: number;
  onChange(listener: () => void): void;
  close(): Promise<void>;
}

/** Carries a code and nothing else: what an engine says may quote a prompt. */
export class UpstreamError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode) {
    super(code);
    this.name = 'UpstreamError';
    this.code = code;
  }
}
