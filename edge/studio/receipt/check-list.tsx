/** The named checks of a verdict, one by one, in words. */
import type { ReactNode } from 'react';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, DismissCircle20Filled } from '@fluentui/react-icons';
import type { Check } from '../../verify/checks.ts';
import { failures } from '../../verify/failure.ts';
import { explanations } from './explanations.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
  item: { display: 'grid', gridTemplateColumns: '20px minmax(0, 1fr)', columnGap: tokens.spacingHorizontalS },
  passed: { color: tokens.colorStatusSuccessForeground1 }, failed: { color: tokens.colorStatusDangerForeground1 },
  why: { color: tokens.colorNeutralForeground2 },
});

export function CheckList({ checks, label }: { checks: readonly Check[]; label: string }): ReactNode {
  const styles = useStyles();
  return (
    <ol className={styles.list} aria-label={label}>
      {checks.map(({ check, passed, code }) => (
        <li key={check} className={styles.item}>
          {passed ? <CheckmarkCircle20Filled className={styles.passed} aria-label="Passed" /> : <DismissCircle20Filled className={styles.failed} aria-label="Failed" />}
          <span><Text block weight="semibold">{check}</Text><Text block size={200} className={styles.why}>{code === undefined ? explanations[check] : <><code>{code}</code>. {failures[code]}</>}</Text></span>
        </li>
      ))}
    </ol>
  );
}
