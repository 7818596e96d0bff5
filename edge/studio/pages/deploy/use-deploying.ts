/** Deploys: pulls the model first where it is not here, then creates the deployment. The pull belongs to the server and goes on without this page. */
import { useEffect, useRef, useState } from 'react';
import type { AnswerOf } from '../../api/call.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { bodyOf, needsPull } from './choice.ts';
import type { Choice } from './choice.ts';
import { draftOf, dropDraft, keepDraft } from './drafts.ts';

type Created = AnswerOf<'createDeployment'>;
export type Pull = AnswerOf<'showPull'>;
export interface Deploying { start: () => void; /** Under way, or failed. */ pull: Pull | undefined; busy: boolean; created: Created | undefined; error: Error | null }
export const ended = ({ state }: Pull): boolean => state === 'done' || state === 'failed';

export function useDeploying(choice: Choice): Deploying {
  const [pullId, setPullId] = useState(() => draftOf(choice)?.pull);
  const [created, setCreated] = useState<Created>();
  const starting = useAct('startPull');
  const creating = useAct('createDeployment');
  const read = useOperation('showPull', { params: { pull: pullId ?? '' } }, { enabled: pullId !== undefined, pollMs: (last) => (last && ended(last) ? false : 700) });
  const pull = pullId === undefined ? undefined : read.data;
  const create = (): void => creating.mutate({ body: bodyOf(choice) }, { onSuccess: (answer) => { dropDraft(choice); creating.reset(); setCreated(answer); } });
  const next = useRef(create);
  useEffect(() => { next.current = create; });
  // A pull that ended while the page was left long ago creates nothing by itself: the choices stand, and the person says so.
  const underWay = useRef(false);
  const done = useRef((): void => undefined);
  useEffect(() => { done.current = () => { dropDraft(choice); setPullId(undefined); if (underWay.current) next.current(); }; });
  useEffect(() => { if (pull && !ended(pull)) underWay.current = true; if (pull?.state === 'done') done.current(); }, [pull]);
  const start = (): void => {
    if (!needsPull(choice)) { create(); return; }
    setPullId(undefined);
    dropDraft(choice);
    starting.mutate({ params: { model: choice.model.name }, body: choice.version === undefined ? {} : { version: choice.version } }, { onSuccess: ({ id }) => { underWay.current = true; keepDraft(choice, id); setPullId(id); } });
  };
  const busy = starting.isPending || creating.isPending || (pullId !== undefined && (!pull || !ended(pull)));
  return { start, pull, busy, created, error: starting.error ?? creating.error ?? read.error };
}
