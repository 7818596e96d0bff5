/** A table of facts with its caption, which scrolls by itself where it is too wide. */
import type { ReactNode } from 'react';
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto', minWidth: 0 }, table: { borderCollapse: 'collapse', width: '100%' },
  cell: { textAlign: 'start', verticalAlign: 'top', padding: tokens.spacingHorizontalS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowWrap: 'break-word', minWidth: '120px', maxWidth: '60ch' }, number: { textAlign: 'end', minWidth: '64px', fontVariantNumeric: 'tabular-nums' }, numbered: { width: '64px' },
});

/** `numbers`: columns whose cells are numbers. The first column names its row. */
export function Table({ label, headings, rows, numbers = [] }: { label: string; headings: readonly string[]; rows: readonly (readonly ReactNode[])[]; numbers?: readonly number[] }): ReactNode {
  const styles = useStyles();
  const look = (i: number): string => mergeClasses(styles.cell, numbers.includes(i) && styles.number, i === 0 && numbers.includes(0) && styles.numbered);
  return (
    <div className={styles.scroll} role="region" aria-label={`${label}, scrolls sideways`} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead><tr>{headings.map((heading, i) => <th key={heading} scope="col" className={look(i)}>{heading}</th>)}</tr></thead>
        <tbody>{rows.map((row, at) => <tr key={at}>{row.map((cell, i) => (i === 0 ? <th key={i} scope="row" className={look(i)}>{cell}</th> : <td key={i} className={look(i)}>{cell}</td>))}</tr>)}</tbody>
      </table>
    </div>
  );
}
