/** Audits: started here, run in the server, read here. */
import type { ReactNode } from 'react';
import { useSearchParams } from 'wouter';
import { Button, Link, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar, Skeleton, SkeletonItem, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { ClipboardCheckmark20Regular } from '@fluentui/react-icons';
import { useSignedIn } from '../../api/session.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count, duration, share, time } from '../../frame/format.ts';
import { Page, Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { ReportView } from './report-view.tsx';
import { Table } from '../../frame/table.tsx';
import { failures, proves, provesNot, steps } from './words.ts';
import type { Audit } from './words.ts';

const useStyles = makeStyles({
  columns: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 320px), 1fr))', gap: tokens.spacingHorizontalXL }, list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS },
  step: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXXS }, figures: { fontVariantNumeric: 'tabular-nums' },
});
const intro = 'An audit plants strings that stand nowhere else through every route of this installation, and then searches for them in every byte that it keeps or sends.';
const isAdministrator = (session: { scope: string; role: string }): boolean => session.scope === 'installation' && session.role === 'administrator';

export default function AuditsPage(): ReactNode {
  const session = useSignedIn();
  if (!isAdministrator(session)) return <Page title="Audits" intro={intro}><Section label="Not for this account"><Empty title="For administrators of the installation">An audit looks at all of the installation, so starting one and reading its report is theirs. Ask one for the report: it is signed, and shows no content.</Empty></Section><Teaching /></Page>;
  return <Audits />;
}

function Audits(): ReactNode {
  const [params, setParams] = useSearchParams();
  const { data, error, refetch } = useOperation('listAudits', {}, { pollMs: (last) => (last?.data.some(({ state }) => state === 'running') ? 700 : 15_000) });
  const start = useAct('startAudit');
  const running = data?.data.find(({ state }) => state === 'running');
  const [newest] = data?.data ?? [];
  const chosen = params.get('audit');
  const choose = (id: string | undefined): void => setParams(id === undefined ? {} : { audit: id });
  const button = <Button appearance="primary" icon={<ClipboardCheckmark20Regular />} disabledFocusable={running !== undefined || start.isPending} onClick={() => start.mutate({})}>{running ? 'An audit is running' : 'Start an audit'}</Button>;
  return (
    <Page title="Audits" intro={intro} actions={button}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {start.error ? <Failure error={start.error} /> : null}
      {running ? <Progress audit={running} /> : null}
      {newest?.state === 'unfinished' ? <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>The audit ended without a report.</MessageBarTitle> {failures[newest.failure ?? 'unexpected']} Code: <code>{newest.failure ?? 'unexpected'}</code>.</MessageBarBody></MessageBar> : null}
      <Section title="Reports">
        {!data && !error ? <Skeleton aria-label="Loading audits"><SkeletonItem size={128} /></Skeleton> : null}
        {data?.data.length === 0 ? <Empty title="No audit yet">It takes under a minute with a small model. Everything that it makes is in a project of its own and is taken back; no prompt of yours is looked at.</Empty> : null}
        {data && data.data.length > 0 ? <List audits={data.data} onChoose={choose} /> : null}
        <CliLine line="npx modelkeep audits start" />
      </Section>
      {chosen === null ? null : <Section title={`Report of ${timeOf(chosen)}`} actions={<Button onClick={() => choose(undefined)}>Close the report</Button>}><ReportView id={chosen} /></Section>}
      <Teaching />
    </Page>
  );
}

/** The id is the time at which it began. */
function timeOf(id: string): string {
  const at = id.replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:');
  return Number.isNaN(Date.parse(at)) ? id : time(at);
}

const looks = { running: ['working', 'Running'], passed: ['good', 'Passed'], failed: ['bad', 'Failed'], unfinished: ['attention', 'Without a report'] } as const;

function List({ audits, onChoose }: { audits: readonly Audit[]; onChoose: (id: string) => void }): ReactNode {
  return (
    <Table label="Audits" headings={['Begun', 'Result', 'Canaries', 'Leaks', 'Searched', 'Took']} numbers={[2, 3, 4, 5]} rows={audits.map(({ id, state, summary, startedAt }) => [
      summary ? <Link key="at" as="button" onClick={() => onChoose(id)}>{time(startedAt)}</Link> : time(startedAt), <StateBadge key="state" look={looks[state][0]}>{looks[state][1]}</StateBadge>,
      summary ? count(summary.cells) : '', summary ? count(summary.leaks) : '', summary ? bytes(summary.bytes) : '', summary ? duration(summary.durationS * 1000) : '',
    ])} />
  );
}

function Progress({ audit }: { audit: Audit }): ReactNode {
  const styles = useStyles();
  return (
    <Section title="Under way">
      {audit.steps.map(({ step, done, total }) => {
        const words = total === 0 ? 'waiting' : done >= total ? 'done' : `${count(done)} of ${count(total)}, ${share(done, total)}`;
        return <div key={step} className={styles.step}><Text className={styles.figures}>{steps[step]}: {words}</Text><ProgressBar aria-label={steps[step] ?? step} value={done} max={Math.max(1, total)} aria-valuetext={words} thickness="large" /></div>;
      })}
      <Text size={200}>It runs in the server. You can leave this page; it is here when you come back.</Text>
    </Section>
  );
}

function Teaching(): ReactNode {
  const styles = useStyles();
  const list = (items: readonly string[]): ReactNode => <ul className={styles.list}>{items.map((each) => <li key={each}><Text>{each}</Text></li>)}</ul>;
  return (
    <Section title="What an audit can tell">
      <div className={styles.columns}>
        <div><Subtitle2 as="h3">It proves</Subtitle2>{list(proves)}</div>
        <div><Subtitle2 as="h3">It cannot prove</Subtitle2>{list(provesNot)}</div>
      </div>
    </Section>
  );
}
