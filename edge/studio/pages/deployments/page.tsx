import type { ReactNode } from 'react';
import { Link as RouterLink, useLocation, useSearch } from 'wouter';
import { Button, Link, MessageBar, MessageBarBody, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { pollFor } from '../../deployments/state.tsx';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { rangeOf } from '../../usage/range.ts';
import { useHour } from '../../usage/use-hour.ts';
import { DeploymentsTable } from './table.tsx';

export default function DeploymentsPage(): ReactNode {
  const session = useSignedIn();
  const [, navigate] = useLocation();
  const list = useOperation('listDeployments', {}, { pollMs: (last) => pollFor(last?.data ?? []) });
  const today = rangeOf('today', useHour()).from.toISOString();
  const usage = useOperation('showUsage', { query: { by: 'total', from: today } }, { pollMs: 30_000, keep: true });
  const requests = new Map(usage.data?.data.map((row) => [row.deployment, row.requests]));
  const deleted = new URLSearchParams(useSearch()).get('deleted');
  const mayDeploy = may(session, 'member');
  const intro = `Models that run in project ${session.project}. Each is an endpoint with two keys, and its model runs where the isolation profile says.`;
  const actions = mayDeploy && list.data && list.data.data.length > 0 ? <Button appearance="primary" icon={<Add20Regular />} onClick={() => navigate('/deployments/new')}>Deploy a model</Button> : undefined;
  return (
    <Page title="Deployments" wide intro={intro} actions={actions}>
      {deleted !== null && /^dep_\w+$/.test(deleted) ? <MessageBar intent="success" layout="multiline" role="status"><MessageBarBody>The deployment was deleted. <RouterLink href={`/deletions/${deleted}`} asChild><Link inline>The certificate of its deletion</Link></RouterLink></MessageBarBody></MessageBar> : null}
      {list.error && !list.data ? <Failure error={list.error} onRetry={() => { void list.refetch(); }} /> : (
        <Section label="Deployments">
          {!list.data ? <Waiting /> : list.data.data.length === 0 ? <Nothing mayDeploy={mayDeploy} onCatalog={() => navigate('/catalog')} /> : <DeploymentsTable deployments={list.data.data} requests={usage.data ? requests : undefined} />}
        </Section>
      )}
      <CliLine line="npx modelkeep deployments list" />
    </Page>
  );
}

function Nothing({ mayDeploy, onCatalog }: { mayDeploy: boolean; onCatalog: () => void }): ReactNode {
  const words = mayDeploy ? 'Choose a model in the catalog and deploy it. It becomes an endpoint that the SDKs of OpenAI and Azure use unchanged.' : 'A member of the project can deploy a model. It then shows here.';
  const action = <><Button appearance="primary" onClick={onCatalog}>Open the catalog</Button><CliLine line="npx modelkeep deploy smollm2-135m-instruct --serverless --name demo" label="Or on the command line" /></>;
  return <Empty title="Nothing is deployed yet" action={action}>{words}</Empty>;
}

const Waiting = (): ReactNode => <Skeleton aria-label="Deployments are being read">{[0, 1, 2].map((i) => <SkeletonItem key={i} style={{ height: '44px', marginBottom: '4px' }} />)}</Skeleton>;
