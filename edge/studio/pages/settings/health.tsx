/** How the installation is: every check, the ones that want something first, each with what to do. */
import type { ReactNode } from 'react';
import { Button, makeStyles, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular } from '@fluentui/react-icons';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine, Code } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Moment } from '../../frame/moment.tsx';
import { Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column' },
  item: { display: 'grid', gridTemplateColumns: '150px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalS, paddingBlock: tokens.spacingVerticalM, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, '@media (max-width: 599px)': { gridTemplateColumns: 'minmax(0, 1fr)' } },
  words: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, minWidth: 0, overflowWrap: 'anywhere' }, quiet: { color: tokens.colorNeutralForeground2 },
});
const looks = { ok: ['good', 'Well'], attention: ['attention', 'Attention'], failed: ['bad', 'Failed'] } as const;
const order = ['failed', 'attention', 'ok'];
const verdicts = { ok: 'Everything is well.', attention: 'It works; something wants attention.', failed: 'Something is wrong.' } as const;

export function Health(): ReactNode {
  const styles = useStyles();
  const { data, error, refetch, isFetching } = useOperation('showHealth', {}, { pollMs: 30_000 });
  const checks = [...data?.checks ?? []].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <Section title="Health" actions={<Button icon={<ArrowClockwise20Regular />} disabledFocusable={isFetching} onClick={() => { void refetch(); }}>{isFetching ? 'Examining' : 'Examine again'}</Button>}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <Skeleton aria-label="Examining the installation">{Array.from({ length: 11 }, (_each, i) => <SkeletonItem key={i} size={72} style={{ marginBottom: '8px' }} />)}</Skeleton> : null}
      {data ? <Text role="status">{verdicts[data.state]} Examined <Moment at={data.checkedAt} />.</Text> : null}
      <ul className={styles.list} aria-label="Checks">
        {checks.map(({ check, name, state, found, means, action, command }) => (
          <li key={check} className={styles.item}>
            <span><StateBadge look={looks[state][0]}>{looks[state][1]}</StateBadge></span>
            <div className={styles.words}>
              <Text weight="semibold">{name}</Text><Text>{found}</Text><Text size={200} className={styles.quiet}>{means}</Text>
              {action === null ? null : <Text>{action}</Text>}
              {command === null ? null : <Code text={command} what={`command: ${command}`} />}
            </div>
          </li>
        ))}
      </ul>
      <CliLine line="npx modelkeep health" />
      <CliLine label="What this machine can enforce, examined on the machine itself" line="npx modelkeep doctor" />
    </Section>
  );
}
