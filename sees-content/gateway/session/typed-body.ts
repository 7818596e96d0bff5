/** A body with what a person typed, against the contract. Nothing of it is told back: of a wrong field only its name is. */
import type { z } from 'zod';
import { fieldsOf } from '#contract/marks.ts';
import { GatewayError } from '../gateway-error.ts';

/** @throws GatewayError invalid_request, unknown_parameter */
export function parseTyped<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues as [z.core.$ZodIssue?];
  if (issue?.code === 'unrecognized_keys') throw new GatewayError('unknown_parameter');
  const field = fieldsOf(schema).find(({ path }) => path === String(issue?.path[0]));
  throw new GatewayError('invalid_request', field?.path ?? null);
}
