import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation, useParams } from 'wouter';
import { Button, MessageBar, MessageBarBody, MessageBarTitle, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { Chat20Regular, Delete20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { nextOf, whyOf } from '../../deployments/failures.ts';
import { pollFor, DeploymentState } from '../../deployments/state.tsx';
import type { Deployment } from '../../deployments/state.tsx';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { DeleteDeployment } from './delete.tsx';
import { Isolation } from './isolation.tsx';
import { Keys } from './keys.tsx';
import { LimitsPart } from './limits-part.tsx';
import { Overview } from './overview.tsx';
import { Samples } from './samples.tsx';
import { UsagePart } from './usage-part.tsx';

export default function DeploymentPage(): ReactNode {
  const { deployment: name } = useParams<{ deployment: string }>();
  const read = useOperation('showDeployment', { params: { deployment: name } }, { pollMs: (last) => pollFor(last ? [last] : []) });
  if (read.data) return <Shown deployment={read.data} />;
  return (
    <Page title={name}>
      {read.error ? <><Failure error={read.error} onRetry={() => { void read.refetch(); }} /><RouterLink href="/deployments">All deployments</RouterLink></> : <Waiting />}
    </Page>
  );
}

function Shown({ deployment }: { deployment: Deployment }): ReactNode {
  const mayChange = may(useSignedIn(), 'member');
  const [, navigate] = useLocation();
  const [deleting, setDeleting] = useState(false);
  const { name } = deployment;
  const actions = mayChange ? <>
    <Button icon={<Chat20Regular />} onClick={() => navigate(`/playground?deployment=${name}`)}>Open in the playground</Button>
    <Button icon={<Delete20Regular />} onClick={() => setDeleting(true)}>Delete</Button>
  </> : undefined;
  return (
    <Page title={<>{name} <DeploymentState state={deployment.state} told /></>} intro={`${deployment.model}, as a serverless API.`} actions={actions}>
      <Trouble deployment={deployment} />
      <Overview deployment={deployment} />
      <Keys deployment={deployment} mayChange={mayChange} />
      <Samples deployment={deployment} />
      <Isolation deployment={deployment} />
      <UsagePart name={name} />
      <LimitsPart deployment={deployment} mayChange={mayChange} />
      <CliLine line={`npx modelkeep deployments show ${name}`} />
      {deleting ? <DeleteDeployment deployment={deployment} onClose={() => setDeleting(false)} /> : null}
    </Page>
  );
}

function Trouble({ deployment: { state, failure } }: { deployment: Deployment }): ReactNode {
  if (state !== 'failed') return null;
  const code = failure ?? 'unexpected';
  return <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>{whyOf(code)}</MessageBarTitle> {nextOf(code)} Code: <code>{code}</code>.</MessageBarBody></MessageBar>;
}

const Waiting = (): ReactNode => <>{[280, 160, 320].map((height) => <Section key={height} label="The deployment is being read"><Skeleton aria-label="The deployment is being read"><SkeletonItem style={{ height }} /></Skeleton></Section>)}</>;
