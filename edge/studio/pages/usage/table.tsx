import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { count } from '../../frame/format.ts';
import { totalsByDeployment } from '../../usage/series.ts';
import type { Totals, UsageRow } from '../../usage/series.ts';

const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: { borderCollapse: 'collapse', width: '100%', fontVariantNumeric: 'tabular-nums' },
  cell: { textAlign: 'end', padding: tokens.spacingHorizontalS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, whiteSpace: 'nowrap' },
  first: { textAlign: 'start' },
  link: { color: tokens.colorBrandForegroundLink },
});
const columns: [keyof Totals, string][] = [['requests', 'Requests'], ['aborted', 'Aborted'], ['failed', 'Failed'], ['promptTokens', 'Tokens in'], ['cachedTokens', 'Of them cached'], ['outputTokens', 'Tokens out']];

export function UsageTable({ rows }: { rows: readonly UsageRow[] }): ReactNode {
  const styles = useStyles();
  const sums = totalsByDeployment(rows);
  const first = mergeClasses(styles.cell, styles.first);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Usage by deployment, table">
      <table className={styles.table}>
        <thead><tr><th scope="col" className={first}>Deployment</th>{columns.map(([name, title]) => <th key={name} scope="col" className={styles.cell}>{title}</th>)}</tr></thead>
        <tbody>
          {sums.map(({ deployment, ...sum }) => (
            <tr key={deployment}>
              <th scope="row" className={first}>{deployment.startsWith('deleted-') ? deployment : <RouterLink className={styles.link} href={`/deployments/${deployment}`}>{deployment}</RouterLink>}</th>
              {columns.map(([name]) => <td key={name} className={styles.cell}>{count(sum[name])}</td>)}
            </tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row" className={first}>In all</th>{columns.map(([name]) => <td key={name} className={styles.cell}>{count(sums.reduce((all, sum) => all + sum[name], 0))}</td>)}</tr></tfoot>
      </table>
    </div>
  );
}
