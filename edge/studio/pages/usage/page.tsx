import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { Button, makeStyles, Skeleton, SkeletonItem, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular } from '@fluentui/react-icons';
import { useSignedIn } from '../../api/session.ts';
import { CliLine } from '../../frame/code.tsx';
import { download } from '../../frame/download.ts';
import { Empty } from '../../frame/empty.tsx';
import { Page, Section } from '../../frame/page.tsx';
import { csv } from '../../usage/csv.ts';
import { UsagePlots } from '../../usage/plots.tsx';
import { isPreset, RangePicker } from '../../usage/range-picker.tsx';
import { customRange, dateField, rangeOf } from '../../usage/range.ts';
import type { Range } from '../../usage/range.ts';
import type { UsageRow } from '../../usage/series.ts';
import { useHour } from '../../usage/use-hour.ts';
import { useUsage } from '../../usage/use-usage.ts';
import { UsageTable } from './table.tsx';

const useStyles = makeStyles({ head: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL, alignItems: 'flex-end', justifyContent: 'space-between' } });
const columns = ['from', 'deployment', 'requests', 'aborted', 'failed', 'promptTokens', 'cachedTokens', 'outputTokens'] as const;
const fileOf = (rows: readonly UsageRow[]): string => csv([...columns], rows.map((row) => columns.map((name) => row[name])));

/** The range stands in the address, so that it can be shared. */
export default function UsagePage(): ReactNode {
  const styles = useStyles();
  const { project } = useSignedIn();
  const [search, setSearch] = useSearchParams();
  const now = useHour();
  const named = search.get('range');
  const [first, last] = [search.get('from') ?? dateField(rangeOf('7d', now).from), search.get('to') ?? dateField(now)];
  const preset = isPreset(named) ? named : '7d';
  const custom = named === 'custom';
  const range = useMemo(() => (custom ? customRange(first, last) : undefined) ?? rangeOf(preset, now), [custom, first, last, preset, now]);
  const { usage } = useUsage(range);
  const rows = usage.data?.data ?? [];
  const name = `modelkeep-usage-${project}-${dateField(range.from)}-${range.step}.csv`;
  return (
    <Page title="Usage" wide intro={`What was metered in project ${project}: numbers of requests and tokens, never a word of what was said.`}>
      <Section label="Range">
        <div className={styles.head}>
          <RangePicker choice={custom ? 'custom' : preset} first={first} last={last} onPreset={(range) => setSearch({ range }, { replace: true })} onCustom={(from, to) => setSearch({ range: 'custom', from, to }, { replace: true })} />
          <Button icon={<ArrowDownload20Regular />} disabled={rows.length === 0} onClick={() => download(name, fileOf(rows), 'text/csv;charset=utf-8')}>Download CSV</Button>
        </div>
      </Section>
      <Section title="Over time"><UsagePlots range={range} /></Section>
      <Section title="By deployment">
        {usage.data ? rows.length === 0 ? <Nothing /> : <UsageTable rows={rows} /> : <Skeleton aria-label="Usage is being read"><SkeletonItem style={{ height: '160px' }} /></Skeleton>}
      </Section>
      <CliLine line={cliLine(range)} />
    </Page>
  );
}

const Nothing = (): ReactNode => <Empty title="Nothing was used in this range">Send a request to a deployment, or try one in the playground: it shows here within a second of its end.</Empty>;
const cliLine = ({ from, to, step }: Range): string => `npx modelkeep usage --by ${step} --from ${from.toISOString()} --to ${to.toISOString()}`;
