/** What the wizard has gathered, and what follows from it. */
import type { Limits } from '#contract/http/deployments.ts';
import type { AnswerOf, InputOf } from '../../api/call.ts';
import { changed, isSound, limitOptions, usualLimits } from '../../deployments/limits.ts';
import type { TypedLimits } from '../../deployments/limits.ts';

export type Model = AnswerOf<'showModel'>;
export type Engine = AnswerOf<'listEngines'>['data'][number];
export type LocalIsolation = 'required' | 'best-effort';
/** `engine`: null on this machine. `version`: only where the address asked for one. `context`: empty for what is usual. */
export interface Choice { model: Model; version: string | undefined; name: string; engine: string | null; isolation: LocalIsolation; context: string; limits: TypedLimits }
type Body = NonNullable<InputOf<'createDeployment'>['body']>;

export function problemOfContext(text: string, model: Pick<Model, 'contextLength'>): string | undefined {
  const most = model.contextLength ?? 10_000_000;
  return text === '' || (/^\d{1,8}$/.test(text) && Number(text) >= 64 && Number(text) <= most) ? undefined : `A whole number from 64 to ${most}, or nothing.`;
}
export const placeIsSound = ({ context, model, limits }: Choice): boolean => problemOfContext(context, model) === undefined && isSound(limits);
export const needsPull = ({ model, engine }: Choice): boolean => engine === null && model.pull !== 'pulled';
const limitsOf = ({ limits }: Choice): Partial<Limits> => changed(limits, usualLimits);

export function bodyOf(choice: Choice): Body {
  const { model, version, name, engine, isolation, context } = choice;
  return {
    name, model: model.name, kind: 'serverless', limits: limitsOf(choice), ...(version === undefined ? {} : { version }), ...(context === '' ? {} : { contextLength: Number(context) }),
    ...(engine === null ? { isolation } : { engine, isolation: 'operator-asserted' }),
  };
}

export function commandOf(choice: Choice): string {
  const { model, version, name, engine, isolation, context } = choice;
  const asked = version === undefined ? '' : ` --version ${version}`;
  const place = engine === null ? (isolation === 'required' ? '' : ` --isolation ${isolation}`) : ` --engine ${engine}`;
  const deploy = `npx modelkeep deploy ${model.name} --serverless --name ${name}${asked}${place}${context === '' ? '' : ` --context ${context}`}${limitOptions(limitsOf(choice))}`;
  return needsPull(choice) ? `npx modelkeep pull ${model.name}${asked} && ${deploy}` : deploy;
}
