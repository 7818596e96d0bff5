import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { DeploymentState } from '../../deployments/state.tsx';
import type { Deployment } from '../../deployments/state.tsx';
import { whyOf } from '../../deployments/failures.ts';
import { count } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { summary } from '../../isolation/words.ts';

const wide = '@media (max-width: 1099px)';
const middle = '@media (max-width: 699px)';
const useStyles = makeStyles({
  scroll: { overflowX: 'auto' },
  table: { borderCollapse: 'collapse', width: '100%' },
  cell: { textAlign: 'start', padding: tokens.spacingHorizontalS, height: '44px', boxSizing: 'border-box', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  long: { overflowWrap: 'anywhere' },
  state: { whiteSpace: 'nowrap' },
  number: { textAlign: 'end', fontVariantNumeric: 'tabular-nums' },
  narrowOnly: { display: 'none', color: tokens.colorNeutralForeground2, [middle]: { display: 'block' } },
  inWide: { [wide]: { display: 'none' } },
  inMiddle: { [middle]: { display: 'none' } },
  link: { color: tokens.colorBrandForegroundLink, fontWeight: tokens.fontWeightSemibold },
  why: { display: 'block', whiteSpace: 'normal', color: tokens.colorStatusDangerForeground1 },
});

/** `requests`: of today by name; undefined while they are read. */
export function DeploymentsTable({ deployments, requests }: { deployments: readonly Deployment[]; requests: ReadonlyMap<string, number> | undefined }): ReactNode {
  const styles = useStyles();
  const head = (title: string, ...more: (string | undefined)[]): ReactNode => <th scope="col" className={mergeClasses(styles.cell, ...more)}>{title}</th>;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Deployments">
        <thead><tr>{head('Name')}{head('State')}{head('Model', styles.inMiddle)}{head('Kind', styles.inWide)}{head('Isolation', styles.inMiddle)}{head('Requests today', styles.number)}{head('Created', styles.inWide)}</tr></thead>
        <tbody>
          {deployments.map(({ name, state, failure, model, modelVersion, kind, engine, isolation, createdAt }) => (
            <tr key={name}>
              <th scope="row" className={mergeClasses(styles.cell, styles.long)}><RouterLink className={styles.link} href={`/deployments/${name}`}>{name}</RouterLink><Text size={200} className={styles.narrowOnly}>{model}</Text></th>
              <td className={mergeClasses(styles.cell, styles.state)}><DeploymentState state={state} />{failure === null ? null : <Text size={200} className={styles.why}>{whyOf(failure)}</Text>}</td>
              <td className={mergeClasses(styles.cell, styles.long, styles.inMiddle)}>{model} <Text size={200}>{modelVersion}</Text></td>
              <td className={mergeClasses(styles.cell, styles.inWide)}>{kind === 'serverless' ? 'Serverless API' : kind}{engine === null ? '' : ` on ${engine}`}</td>
              <td className={mergeClasses(styles.cell, styles.inMiddle)}>{summary(isolation)}</td>
              <td className={mergeClasses(styles.cell, styles.number)}>{requests === undefined ? '…' : count(requests.get(name) ?? 0)}</td>
              <td className={mergeClasses(styles.cell, styles.inWide)}><Moment at={createdAt} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
