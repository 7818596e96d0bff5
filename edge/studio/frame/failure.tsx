/** An error as a person needs it: what happened, its code, the next step, and the id that finds it in the log. */
import type { ReactNode } from 'react';
import { Button, Link, MessageBar, MessageBarActions, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { ApiError } from '../api/call.ts';

const next: Partial<Record<string, ReactNode>> = {
  model_not_pulled: 'Pull the model on its page in the catalog; then try again.',
  isolation_unavailable: <>See what is missing under <Link href="/studio/settings">Settings, Health</Link>.</>,
  permission_denied: 'Ask an administrator of the project for the role that may do this.',
  csrf_refused: 'Load this page again and repeat what you did.',
  rate_limit_exceeded: 'Wait a moment, or raise the limits on the deployment\'s page.',
};

export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }): ReactNode {
  const refusal = error instanceof ApiError ? error : undefined;
  const step = next[refusal?.code ?? ''];
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{refusal?.message ?? 'Something failed in this page.'}</MessageBarTitle>
        {refusal?.param ? <> Field: <code>{refusal.param}</code>. </> : ' '}{step}
        {refusal ? <> Code: <code>{refusal.code}</code>{refusal.requestId === undefined ? '' : <>, request <code>{refusal.requestId}</code></>}.</> : null}
      </MessageBarBody>
      {onRetry === undefined ? null : <MessageBarActions><Button onClick={onRetry}>Try again</Button></MessageBarActions>}
    </MessageBar>
  );
}
