/** Up to four models side by side; what differs is marked by a sign and a word, not by colour alone. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useQueries } from '@tanstack/react-query';
import { Link as RouterLink, useSearchParams } from 'wouter';
import { Button, Link, makeStyles, mergeClasses, Skeleton, SkeletonItem, Switch, tokens } from '@fluentui/react-components';
import { ArrowLeft20Regular, Dismiss16Regular } from '@fluentui/react-icons';
import { call } from '../../api/call.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { mostCompared, select } from '../../models/selection.ts';
import type { ModelDetail } from '../../models/words.ts';
import { rows } from './rows.ts';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto', maxWidth: '100%', borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` } },
  table: { borderCollapse: 'collapse', width: '100%', fontSize: tokens.fontSizeBase300 },
  cell: { textAlign: 'start', verticalAlign: 'top', paddingBlock: tokens.spacingVerticalS, paddingInline: tokens.spacingHorizontalM, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, minWidth: '180px', overflowWrap: 'anywhere' },
  name: { position: 'sticky', left: 0, minWidth: '120px', backgroundColor: tokens.colorNeutralBackground1, fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2, '@media (max-width: 480px)': { position: 'static' } },
  differs: { backgroundColor: tokens.colorNeutralBackground3 }, mark: { display: 'block', color: tokens.colorNeutralForeground1, fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  head: { display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', gap: tokens.spacingHorizontalS }, controls: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', alignItems: 'center' },
});

export default function ComparePage(): ReactNode {
  const [params, setParams] = useSearchParams();
  const names = [...new Set((params.get('models') ?? '').split(',').map((name) => name.trim()).filter((name) => name !== ''))].slice(0, mostCompared);
  const found = useQueries({ queries: names.map((model) => ({ queryKey: ['showModel', { model }, {}], queryFn: async ({ signal }: { signal: AbortSignal }) => await call('showModel', { params: { model }, signal }) })) });
  const remove = (name: string): void => { select(name, false); setParams({ models: names.filter((each) => each !== name).join(',') }, { replace: true }); };
  const models = found.flatMap(({ data }) => (data ? [data] : []));
  return (
    <Page title="Compare models" wide intro="Facts of their manifests and files, side by side." actions={<RouterLink href="/catalog" asChild><Button as="a" icon={<ArrowLeft20Regular />}>Choose in the catalog</Button></RouterLink>}>
      {names.length === 0 ? <Section label="Nothing to compare"><Empty title="No models are chosen">Mark two to four models in the catalog; they come side by side here.</Empty></Section> : null}
      {found.map(({ error }, i) => (error ? <Failure key={names[i]} error={error} /> : null))}
      {found.some(({ isPending }) => isPending) ? <Skeleton aria-label="Loading models"><SkeletonItem size={128} /></Skeleton> : null}
      {models.length > 0 ? <Comparison models={models} onRemove={remove} /> : null}
      {names.length > 1 ? <CliLine line={`npx modelkeep models compare ${names.join(' ')}`} /> : null}
    </Page>
  );
}

function Comparison({ models, onRemove }: { models: readonly ModelDetail[]; onRemove: (name: string) => void }): ReactNode {
  const styles = useStyles();
  const [only, setOnly] = useState(false);
  const compared = rows.map(({ name, value }) => { const values = models.map(value); return { name, values, differs: new Set(values).size > 1 }; });
  const differing = compared.filter(({ differs }) => differs);
  return (
    <>
      <div className={styles.controls}><span role="status">{models.length < 2 ? 'One model; choose another to compare' : `${differing.length} of ${compared.length} facts differ`}</span><Switch label="Only what differs" checked={only} onChange={(_event, { checked }) => setOnly(checked)} /></div>
      <div className={styles.scroll} role="region" aria-label="Comparison, scrolls sideways" tabIndex={0}>
        <table className={styles.table} aria-label="Comparison">
          <thead>
            <tr>
              <th scope="col" className={mergeClasses(styles.cell, styles.name)}>Fact</th>
              {models.map((model) => <th key={model.name} scope="col" className={styles.cell}><div className={styles.head}><RouterLink href={`/catalog/${encodeURIComponent(model.name)}`} asChild><Link><bdi>{model.displayName}</bdi></Link></RouterLink><Button size="small" appearance="subtle" icon={<Dismiss16Regular />} aria-label={`Remove ${model.name}`} onClick={() => onRemove(model.name)} /></div></th>)}
            </tr>
          </thead>
          <tbody>
            {(only ? differing : compared).map(({ name, values, differs }) => (
              <tr key={name} className={differs ? styles.differs : undefined}>
                <th scope="row" className={mergeClasses(styles.cell, styles.name, differs && styles.differs)}>{name}{differs ? <span className={styles.mark}>≠ differs</span> : null}</th>
                {values.map((value, i) => <td key={models[i]?.name} className={styles.cell}><bdi>{value}</bdi></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
