/** Settings that are given as options, checked here too, so that their author reads which one is wrong. */
import type { z } from 'zod';
import { CliError, exitCodes } from './exit-codes.ts';

/** `clientId` is `--client-id` on the command line. */
const optionOf = (field: string): string => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** @throws CliError usage, by the name of the option */
export function checked<S extends z.ZodType>(schema: S, settings: unknown, names: Readonly<Record<string, string>> = {}): z.output<S> {
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = String(issue?.path[0] ?? 'settings');
  const option = names[field] ?? optionOf(field);
  const isMissing = typeof settings === 'object' && settings !== null && (settings as Record<string, unknown>)[field] === undefined;
  throw new CliError('usage', isMissing ? `${option} is needed.` : `${option}: ${issue?.message ?? 'not valid'}.`, exitCodes.usage);
}
