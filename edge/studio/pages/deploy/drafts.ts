/** Deployments that wait for a pull, by the address they were begun at: kept while the studio is open, so that the wizard that is opened again goes on with them. */
import type { Choice } from './choice.ts';

export interface Draft { chosen: Omit<Choice, 'model' | 'version'>; pull: string }
const drafts = new Map<string, Draft>();
const keyOf = ({ model, version }: Pick<Choice, 'model' | 'version'>): string => `${model.digest} ${version ?? ''}`;

export const draftOf = (of: Pick<Choice, 'model' | 'version'>): Draft | undefined => drafts.get(keyOf(of));
export function keepDraft({ model, version, ...chosen }: Choice, pull: string): void { drafts.set(keyOf({ model, version }), { chosen, pull }); }
export function dropDraft(of: Pick<Choice, 'model' | 'version'>): void { drafts.delete(keyOf(of)); }
