/** Requests and tokens over time. */
import type { ReactNode } from 'react';
import { makeStyles, tokens } from '@fluentui/react-components';
import { Failure } from '../frame/failure.tsx';
import { Plot, PlotSkeleton } from '../frame/plot.tsx';
import type { Range } from './range.ts';
import { byDeployment, seriesOf } from './series.ts';
import { useUsage } from './use-usage.ts';

const useStyles = makeStyles({ pair: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 420px), 1fr))', gap: tokens.spacingHorizontalXXL } });

/** `deployment`: of one alone, its tokens in and out apart; else of all, one beside the other. */
export function UsagePlots({ range, deployment }: { range: Range; deployment?: string }): ReactNode {
  const styles = useStyles();
  const { usage, steps } = useUsage(range, deployment);
  if (usage.error) return <Failure error={usage.error} onRetry={() => { void usage.refetch(); }} />;
  if (!usage.data) return <div className={styles.pair}><PlotSkeleton label="Requests" /><PlotSkeleton label="Tokens" /></div>;
  const rows = usage.data.data;
  const requests = deployment === undefined ? byDeployment(rows, steps, (row) => row.requests) : [];
  const tokensUsed = deployment === undefined ? byDeployment(rows, steps, (row) => row.promptTokens + row.outputTokens)
    : [seriesOf('in', rows, steps, (row) => row.promptTokens), seriesOf('out', rows, steps, (row) => row.outputTokens)];
  const shown = (series: typeof requests): typeof requests => (series.length > 0 ? series : [seriesOf('all', rows, steps, (row) => row.requests)]);
  return (
    <div className={styles.pair}>
      <Plot series={shown(requests)} unit="requests" label={`Requests by ${range.step}`} step={range.step} />
      <Plot series={shown(tokensUsed)} unit="tokens" label={`Tokens by ${range.step}`} step={range.step} />
    </div>
  );
}
