/** An error as a person needs it: what happened, its code, the next step, and the id that finds it in the log. */
import type { ReactNode } from 'react';
import { Button, Link, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { Link as RouterLink } from 'wouter';
import { ApiError } from '../api/call.ts';
import { nextSteps } from './next-steps.ts';
import type { NextStep } from './next-steps.ts';

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }): ReactNode {
  const refusal = error instanceof ApiError ? error : undefined;
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{refusal?.message ?? 'Something failed in this page.'}</MessageBarTitle>
        {refusal?.param ? <> Field: <code>{refusal.param}</code>. </> : ' '}{refusal && Object.hasOwn(nextSteps, refusal.code) ? <Next step={nextSteps[refusal.code]} /> : null}
        {refusal ? <> Code: <code>{refusal.code}</code>{refusal.requestId === undefined ? '' : <>, request <code>{refusal.requestId}</code></>}.</> : null}
      </MessageBarBody>
      {onRetry === undefined ? null : <MessageBarActions><Button onClick={onRetry}>Try again</Button></MessageBarActions>}
    </MessageBar>
  );
}

/** The link stays in this page: what is in its memory stays, too. */
function Next({ step }: { step: NextStep | undefined }): ReactNode {
  if (!step) return null;
  return <>{step.words}{step.at ? <> <RouterLink href={step.at.href} asChild><Link inline>{step.at.title}</Link></RouterLink>.</> : null}</>;
}
