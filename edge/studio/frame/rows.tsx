/** A list of things, a row each, that becomes a column where it is narrow. */
import type { ReactNode } from 'react';
import { makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, paddingBlock: tokens.spacingVerticalM, overflowWrap: 'anywhere',
    ':not(:last-child)': { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  words: { flex: '1 1 240px', minWidth: 0, display: 'flex', flexDirection: 'column' },
  more: { flex: '1 0 100%', minWidth: 0, paddingTop: tokens.spacingVerticalS },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  waiting: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
});

export function Rows({ label, children }: { label: string; children: ReactNode }): ReactNode { return <ul className={useStyles().list} aria-label={label}>{children}</ul>; }

/** `more`: below, over the whole width. */
export function Row({ label, children, actions, more }: { label: string; children: ReactNode; actions?: ReactNode; more?: ReactNode }): ReactNode {
  const styles = useStyles();
  return <li className={styles.row} aria-label={label}><div className={styles.words}>{children}</div>{actions === undefined ? null : <div className={styles.actions}>{actions}</div>}{more === undefined || more === null ? null : <div className={styles.more}>{more}</div>}</li>;
}

/** As high as a short list. */
export function RowsWaiting({ label }: { label: string }): ReactNode {
  return <Skeleton aria-label={label}><div className={useStyles().waiting}><SkeletonItem size={48} /><SkeletonItem size={48} /><SkeletonItem size={48} /></div></Skeleton>;
}
