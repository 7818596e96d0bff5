/** What an engine's refusal means for the caller. Its text is never passed on: a code that the contract knows, or the nearest one by its status. */
import { errorCodes } from '#contract/error-codes.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { GatewayError } from '../gateway-error.ts';

const paramName = /^[a-zA-Z0-9_.]{1,100}$/;

/** `text`: the engine's body, of which `error.code`, `error.param` and one phrase are looked at, and none is told. `trusted`: it is our own worker. */
export function upstreamRefusal(status: number, text: string, trusted: boolean): GatewayError {
  const { code, param, message } = read(text);
  if (trusted) {
    const known = Object.hasOwn(errorCodes, code) ? code as ErrorCode : 'engine_failed';
    return new GatewayError(known, paramName.test(param) ? param : null);
  }
  // Every engine has its own way of saying this, and clients shorten their prompts by it.
  const tooLong = /context_length_exceeded|exceed_context_size/.test(code) || /maximum context length|exceeds? the available context size/i.test(message);
  if (tooLong && status < 500) return new GatewayError('context_length_exceeded', 'messages');
  if (code === 'unsupported_parameter' || code === 'model_not_found') return new GatewayError(code === 'model_not_found' ? 'engine_failed' : 'unsupported_parameter', paramName.test(param) ? param : null);
  if (status === 429) return new GatewayError('queue_full', null, 2000);
  if (status === 401 || status === 403 || status === 404) return new GatewayError('engine_failed');
  if (status === 503) return new GatewayError('deployment_not_ready');
  return new GatewayError(status >= 400 && status < 500 ? 'engine_refused' : 'engine_failed');
}

function read(text: string): { code: string; param: string; message: string } {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; type?: unknown; param?: unknown; message?: unknown } | null };
    const code = typeof error?.code === 'string' ? error.code : typeof error?.type === 'string' ? error.type : '';
    return { code, param: typeof error?.param === 'string' ? error.param : '', message: typeof error?.message === 'string' ? error.message.slice(0, 2000) : '' };
  } catch { return { code: '', param: '', message: '' }; }
}
