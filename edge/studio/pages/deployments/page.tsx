/** What is deployed in the project, and how each is. */
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, Link, makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { Add20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Moment } from '../../frame/moment.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { DeploymentBadge, isolationInShort } from '../deployment/state.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 340px), 1fr))', gap: tokens.spacingHorizontalL },
  card: { height: '100%', boxSizing: 'border-box', display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, padding: tokens.spacingHorizontalL, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, overflowWrap: 'anywhere' },
  head: { display: 'flex', justifyContent: 'space-between', gap: tokens.spacingHorizontalM, alignItems: 'flex-start' }, quiet: { color: tokens.colorNeutralForeground2 },
});

export default function DeploymentsPage(): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const { data, error, refetch } = useOperation('listDeployments', {}, { pollMs: (last) => (last?.data.some(({ state }) => state === 'starting') ? 1000 : 10_000) });
  const deploy = may(session, 'member') ? <RouterLink href="/deployments/new" asChild><Button as="a" appearance="primary" icon={<Add20Regular />}>Deploy a model</Button></RouterLink> : undefined;
  return (
    <Page title="Deployments" intro="Models behind endpoints of this project, each with two keys and limits of its own." actions={deploy}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <Skeleton aria-label="Loading deployments"><SkeletonItem size={128} /></Skeleton> : null}
      {data?.data.length === 0 ? <Section label="No deployments"><Empty title="Nothing is deployed yet" action={deploy}>A deployment puts a model behind an endpoint that your OpenAI or Azure SDK takes unchanged. Its worker has no network, no disk and no other process.</Empty></Section> : null}
      <ul className={styles.list} aria-label="Deployments">
        {data?.data.map(({ name, model, modelVersion, state, isolation, engine, createdAt }) => (
          <li key={name}>
            <div className={styles.card}>
              <div className={styles.head}><RouterLink href={`/deployments/${name}`} asChild><Link><Text size={400} weight="semibold">{name}</Text></Link></RouterLink><DeploymentBadge state={state} /></div>
              <Text>{model} {modelVersion}</Text>
              <Text size={200} className={styles.quiet}>{engine === null ? 'Worker on this machine' : `External engine ${engine}`} · {isolationInShort(isolation)}</Text>
              <Text size={200} className={styles.quiet}>Deployed <Moment at={createdAt} /></Text>
            </div>
          </li>
        ))}
      </ul>
      <CliLine line="npx modelkeep deployments list" />
    </Page>
  );
}
