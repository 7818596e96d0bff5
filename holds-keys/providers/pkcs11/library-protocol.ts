/** What key-custody and the library's program say to each other: a line of JSON each, one answer to each request, in order. */
import { z } from 'zod';
import { functions } from './library/functions.ts';
import type { CryptokiFunction } from './library/functions.ts';

export const longestKid = 2048;
const base64 = z.base64().max(65_536);
const Token = z.union([z.strictObject({ label: z.string().min(1).max(32) }), z.strictObject({ slot: z.int().nonnegative() })]);
/** Once, as the first request. `key`: its label. */
const Opening = z.strictObject({ token: Token, key: z.string().min(1).max(255), pin: z.string().min(1).max(255) });
export type Opening = z.infer<typeof Opening>;

/** `context`: bytes to associate. */
export const requests = {
  open: Opening,
  current: z.strictObject({}),
  wrap: z.strictObject({ key: base64, context: base64 }),
  unwrap: z.strictObject({ kid: z.string().max(longestKid), ciphertext: base64, iv: base64, tag: base64, context: base64 }),
  rotate: z.strictObject({}),
} as const;
export const results = {
  open: z.strictObject({}),
  current: z.strictObject({ kid: z.string() }),
  wrap: z.strictObject({ kid: z.string(), ciphertext: base64, iv: base64, tag: base64 }),
  unwrap: z.strictObject({ key: base64 }),
  rotate: z.strictObject({ kid: z.string() }),
} as const;
export type Operation = keyof typeof requests;
export const operations = Object.keys(requests) as [Operation, ...Operation[]];
export type RequestOf<O extends Operation> = z.infer<(typeof requests)[O]>;
export type ResultOf<O extends Operation> = z.infer<(typeof results)[O]>;

export const Request = z.strictObject({ operation: z.enum(operations), body: z.unknown() });

/** Why it could not be done, in codes: no text of the library leaves its program. `call` answered with the number `answer`. */
export const FailureReport = z.strictObject({
  failed: z.enum(['denied', 'disabled', 'key_not_found', 'unreachable', 'tampered', 'misconfigured']),
  reason: z.enum(['library_not_found', 'library_unusable', 'token_not_found', 'token_ambiguous', 'pin_has_one_try_left', 'key_not_found', 'key_ambiguous', 'wrapped_key', 'refused', 'unexpected']),
  call: z.enum(Object.keys(functions) as [CryptokiFunction, ...CryptokiFunction[]]).optional(), answer: z.int().optional(),
});
export type FailureReport = z.infer<typeof FailureReport>;
export const Answer = z.union([z.strictObject({ done: z.unknown() }), FailureReport]);
export type Answer = z.infer<typeof Answer>;
