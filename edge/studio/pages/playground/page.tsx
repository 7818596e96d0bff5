/** Talk to a deployment, or to two at once, and see the receipt of every answer checked. */
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, Skeleton, SkeletonItem } from '@fluentui/react-components';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { Playground } from './playground.tsx';

const intro = 'Talk to a deployment, or to two at once. Every answer comes with a signed receipt, which this browser checks against the very bytes that it sent and received.';

export default function PlaygroundPage(): ReactNode {
  const session = useSignedIn();
  const { data, error, refetch } = useOperation('listDeployments', {}, { pollMs: 5000 });
  return (
    <Page title="Playground" intro={intro}>
      {may(session, 'member') ? null : <Section title="Your role only reads">To talk to a model you need the role member in this project. An administrator of the project can give it to you under Settings.</Section>}
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <Skeleton aria-label="Loading deployments"><SkeletonItem size={128} /></Skeleton> : null}
      {data?.data.length === 0 ? (
        <Section label="No deployments">
          <Empty title="Nothing is deployed in this project yet" action={<RouterLink href="/catalog" asChild><Button as="a" appearance="primary">Find a model</Button></RouterLink>}>Deploy a model from the catalog; then talk to it here.</Empty>
          <CliLine line="npx modelkeep deploy MODEL --serverless --name NAME" />
        </Section>
      ) : null}
      {data && data.data.length > 0 && may(session, 'member') ? <Playground deployments={data.data} /> : null}
    </Page>
  );
}
