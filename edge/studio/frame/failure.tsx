/** An error as a person needs it: what happened, its code, the next step, and the id that finds it in the log. */
import type { ReactNode } from 'react';
import { Button, Link, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { Link as RouterLink, useLocation } from 'wouter';
import { ApiError } from '../api/call.ts';
import { nextSteps } from './next-steps.ts';
import type { NextStep } from './next-steps.ts';

/** `step`: what to do here, where that is not what is done elsewhere. */
export function Failure({ error, step, onRetry }: { error: Error; step?: NextStep | undefined; onRetry?: () => void }): ReactNode {
  const refusal = error instanceof ApiError ? error : undefined;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{refusal?.message ?? 'Something failed in this page.'}</MessageBarTitle>
        {refusal?.param ? <> Field: <code>{refusal.param}</code>. </> : ' '}{refusal ? <Next step={step ?? (Object.hasOwn(nextSteps, refusal.code) ? nextSteps[refusal.code] : undefined)} /> : null}
        {refusal ? <> Code: <code>{refusal.code}</code>{refusal.requestId === undefined ? '' : <>, request <code>{refusal.requestId}</code></>}.</> : null}
      </MessageBarBody>
      {onRetry === undefined ? null : <MessageBarActions><Button onClick={onRetry}>Try again</Button></MessageBarActions>}
    </MessageBar>
  );
}

/** The link stays in this page: what is in its memory stays, too. None leads to where one is. */
function Next({ step }: { step: NextStep | undefined }): ReactNode {
  const [path] = useLocation();
  if (!step) return null;
  return <>{step.words}{step.at && step.at.href !== path ? <> <RouterLink href={step.at.href} asChild><Link inline>{step.at.title}</Link></RouterLink>.</> : null}</>;
}
