/** A model: what it is, where it comes from, whether it is here, and the way to deploy it. */
import { lazy, Suspense } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink, useParams, useSearchParams } from 'wouter';
import { Button, makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { ArrowLeft20Regular, Rocket20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import type { ModelDetail } from '../../models/words.ts';
import { ModelFacts, Provenance, Versions } from './facts.tsx';
import { PullPanel } from './pull-panel.tsx';

/** The Markdown reader comes when there is a card to read. */
const Card = lazy(() => import('../../frame/markdown.tsx'));
const useStyles = makeStyles({
  columns: { display: 'grid', gridTemplateColumns: 'minmax(0, 3fr) minmax(0, 2fr)', gap: tokens.spacingHorizontalL, alignItems: 'start', '@media (max-width: 1099px)': { gridTemplateColumns: 'minmax(0, 1fr)' } },
  column: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, minWidth: 0 }, loading: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL }, tall: { height: '320px' },
});

export default function ModelPage(): ReactNode {
  const styles = useStyles();
  const { model: name } = useParams<{ model: string }>();
  const [search] = useSearchParams();
  const { data: model, error, refetch } = useOperation('showModel', { params: { model: name }, query: { version: search.get('version') ?? undefined } }, { keep: true });
  const back = <RouterLink href="/catalog" asChild><Button as="a" appearance="subtle" icon={<ArrowLeft20Regular />}>Catalog</Button></RouterLink>;
  if (error) return <Page title={name} actions={back}><Failure error={error} onRetry={() => { void refetch(); }} /></Page>;
  if (!model) return <Page title={name} actions={back}><Skeleton aria-label="Loading the model" className={styles.loading}><SkeletonItem className={styles.tall} /><SkeletonItem className={styles.tall} /></Skeleton></Page>;
  return <Shown model={model} back={back} />;
}

function Shown({ model, back }: { model: ModelDetail; back: ReactNode }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const { card } = model.manifest;
  const deployable = model.deployable ? model.artifactDigest !== null : true;
  const newest = model.versions[0]?.version === model.version;
  const deploy = may(session, 'member') && deployable
    ? <RouterLink href={`/deployments/new?model=${encodeURIComponent(model.name)}${newest ? '' : `&version=${encodeURIComponent(model.version)}`}`} asChild><Button as="a" appearance="primary" icon={<Rocket20Regular />}>Deploy</Button></RouterLink> : null;
  return (
    <Page title={<bdi>{model.displayName}</bdi>} intro={<bdi>{model.summary}</bdi>} actions={<>{back}{deploy}</>}>
      <div className={styles.columns}>
        <div className={styles.column}>
          <PullPanel key={model.digest} model={model} />
          {deployable ? <Section title="Deploy it"><CliLine line={`npx modelkeep deploy ${model.name} --serverless --name NAME${newest ? '' : ` --version ${model.version}`}`} /></Section> : null}
          <Section title="Model card">{card === undefined ? <Text>The manifest has no card. Its homepage, if it names one, is among the facts.</Text> : <Suspense fallback={<Skeleton aria-label="Loading the card"><SkeletonItem size={128} /></Skeleton>}><Card text={card} /></Suspense>}</Section>
        </div>
        <div className={styles.column}><ModelFacts model={model} /><Provenance model={model} /><Versions model={model} /></div>
      </div>
    </Page>
  );
}
