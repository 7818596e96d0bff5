/** The twenty promises: each with how far it is kept today, what keeps it, how to prove it here and now, and what it does not cover. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, Skeleton, SkeletonItem, Subtitle2, Text, ToggleButton, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, CircleHalfFill20Filled, Clock20Regular } from '@fluentui/react-icons';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Page } from '../../frame/page.tsx';
import { ProofRow } from './proofs.tsx';
import type { Promised } from './proofs.tsx';

const useStyles = makeStyles({
  filters: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM },
  card: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalL, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, minWidth: 0 },
  head: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'center', justifyContent: 'space-between' },
  state: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, fontWeight: tokens.fontWeightSemibold },
  kept: { color: tokens.colorStatusSuccessForeground1 }, partly: { color: tokens.colorStatusWarningForeground3 }, not_yet: { color: tokens.colorNeutralForeground2 },
  promise: { margin: 0, maxWidth: '90ch' },
  parts: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))', gap: tokens.spacingHorizontalXL }, part: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 },
  items: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS }, more: { cursor: 'pointer', color: tokens.colorBrandForegroundLink, width: 'fit-content', paddingBlock: tokens.spacingVerticalXS },
});
type State = Promised['state'];
export const looks: Readonly<Record<State, { word: string; icon: ReactNode }>> = { kept: { word: 'Kept', icon: <CheckmarkCircle20Filled /> }, partly: { word: 'Partly kept', icon: <CircleHalfFill20Filled /> }, not_yet: { word: 'Not yet', icon: <Clock20Regular /> } };
const intro = 'What Modelkeep promises about your data. A promise counts as kept only where code makes the other outcome impossible or visible, and you can prove it yourself. What is not built yet is said here too.';

export default function PromisesPage(): ReactNode {
  const styles = useStyles();
  const { data, error, refetch } = useOperation('listPromises');
  const [only, setOnly] = useState<State>();
  const all = data?.data ?? [];
  return (
    <Page title="Promises" intro={intro}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      <div className={styles.filters} role="group" aria-label="Show promises by state">
        {(Object.keys(looks) as State[]).map((state) => <ToggleButton key={state} checked={only === state} icon={<span className={styles[state]}>{looks[state].icon}</span>} onClick={() => setOnly(only === state ? undefined : state)}>{looks[state].word}{data ? ` (${all.filter((each) => each.state === state).length})` : ''}</ToggleButton>)}
      </div>
      {!data && !error ? <Skeleton aria-label="Loading promises">{Array.from({ length: 8 }, (_each, i) => <SkeletonItem key={i} size={128} style={{ marginBottom: '12px' }} />)}</Skeleton> : null}
      <ul className={styles.list} aria-label="Promises">{all.filter(({ state }) => only === undefined || state === only).map((each) => <li key={each.id}><Card promised={each} /></li>)}</ul>
      <CliLine line="npx modelkeep promises" />
    </Page>
  );
}

function Card({ promised: { id, title, promise, state, enforcedBy, provedBy, notCovered } }: { promised: Promised }): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  return (
    <article className={styles.card} aria-labelledby={`promise-${id}`}>
      <div className={styles.head}><Subtitle2 as="h2" id={`promise-${id}`}>{id} {title}</Subtitle2><span className={`${styles.state} ${styles[state]}`}>{looks[state].icon}{looks[state].word}</span></div>
      <blockquote className={styles.promise}><Text>{promise}</Text></blockquote>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary className={styles.more}>How {id} is kept, proved, and what it does not cover</summary>
        {open ? (
          <div className={styles.parts}>
            <div className={styles.part}><Subtitle2 as="h3">Kept by</Subtitle2><ul className={styles.items}>{enforcedBy.map(({ room, how }) => <li key={how}><Text><code>{room}</code> {how}</Text></li>)}</ul></div>
            <div className={styles.part}><Subtitle2 as="h3">Proved by</Subtitle2>{provedBy.map((proof) => <ProofRow key={`${proof.proof} ${proof.shows}`} proof={proof} />)}</div>
            <div className={styles.part}><Subtitle2 as="h3">Not covered</Subtitle2><ul className={styles.items}>{notCovered.map((each) => <li key={each}><Text>{each}</Text></li>)}</ul></div>
          </div>
        ) : null}
      </details>
    </article>
  );
}
