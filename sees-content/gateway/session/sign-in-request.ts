/** The body of a sign-in against the contract. What was typed is never told back: of a wrong field only its name is. */
import type { z } from 'zod';
import { SignIn } from '#contract/http/sessions.ts';
import { GatewayError } from '../gateway-error.ts';

const names = ['method', 'name', 'password', 'code'];

/** @throws GatewayError invalid_request, unknown_parameter */
export function parseSignIn(value: unknown): SignIn {
  const result = SignIn.safeParse(value);
  if (result.success) return result.data;
  const issue: z.core.$ZodIssue | undefined = result.error.issues[0];
  if (issue?.code === 'unrecognized_keys') throw new GatewayError('unknown_parameter');
  const [field] = issue?.path ?? [];
  throw new GatewayError('invalid_request', names.includes(String(field)) ? String(field) : null);
}
