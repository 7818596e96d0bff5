/** A report, drawn from its JSON. What stands in it is text, whatever it looks like; the page that the audit wrote is only ever downloaded. */
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink } from 'wouter';
import { Button, makeStyles, Skeleton, SkeletonItem, Subtitle2, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular } from '@fluentui/react-icons';
import { useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Digest } from '../../frame/digest.tsx';
import { download } from '../../frame/download.ts';
import { Facts } from '../../frame/facts.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count, duration, time } from '../../frame/format.ts';
import { StateBadge } from '../../frame/state-badge.tsx';
import { checkSignature, parseReport } from './report.ts';
import type { Report, Texts } from './report.ts';
import { Table } from '../../frame/table.tsx';

const useStyles = makeStyles({ whole: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, minWidth: 0 }, actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL } });
/** Rows of leaks that are drawn; the file has all. */
const most = 200;

export function ReportView({ id }: { id: string }): ReactNode {
  const styles = useStyles();
  const { data, error, refetch } = useOperation('showAuditReport', { params: { audit: id } });
  if (error) return <Failure error={error} onRetry={() => { void refetch(); }} />;
  if (!data) return <Skeleton aria-label="Loading the report"><SkeletonItem size={128} /></Skeleton>;
  const report = parseReport(data.report);
  const { page, signature } = data;
  return (
    <div className={styles.whole}>
      <div className={styles.actions}>
        <Button icon={<ArrowDownload20Regular />} onClick={() => download('report.json', data.report, 'application/json')}>Download JSON</Button>
        {signature === null ? null : <Button icon={<ArrowDownload20Regular />} onClick={() => download('report.json.sig', `${JSON.stringify(signature, null, 1)}\n`, 'application/json')}>Download signature</Button>}
        {page === null ? null : <Button icon={<ArrowDownload20Regular />} onClick={() => download('report.html', page, 'application/octet-stream')}>Download page</Button>}
      </div>
      <Signature texts={data} id={id} />
      {report ? <Body report={report} /> : <Text>This report is of a format that this page does not read. Download it.</Text>}
      <CliLine line={`npx modelkeep audits report ${id} -o report.json`} />
    </div>
  );
}

function Signature({ texts, id }: { texts: Texts; id: string }): ReactNode {
  const { data } = useQuery({ queryKey: ['signature of a report', id, texts.signature?.signature ?? null], queryFn: async () => await checkSignature(texts) });
  const state = data?.state;
  return (
    <Facts facts={[
      ['Signature', state === 'holds' ? <StateBadge look="good">Holds: these are the bytes that key-custody signed</StateBadge> : state === 'broken' ? <StateBadge look="bad">Broken: the report is not what was signed</StateBadge>
        : state === 'missing' ? <StateBadge look="attention">Missing</StateBadge> : state === 'cannot_check' ? <StateBadge look="neutral">Not checked: this page came over an open network</StateBadge> : <StateBadge look="working">Checking</StateBadge>],
      ['Key of reports', data?.state === 'holds' ? <Digest value={`sha256:${data.key}`} what="fingerprint of the key of reports" /> : undefined],
      ['Digest of the report', data?.state === 'holds' ? <><Digest value={`sha256:${data.digest}`} what="digest of the report" /> <RouterLink href={`/ledger?object=${encodeURIComponent(id)}`}>Entries of the ledger about this audit</RouterLink></> : undefined],
    ]} />
  );
}

function Body({ report }: { report: Report }): ReactNode {
  const styles = useStyles();
  const { checks, leaks, planted, positiveControl, places, engine, outbound, cannotProve, versions, installation, startedAt, durationS } = report;
  const mark = (good: boolean): ReactNode => <StateBadge look={good ? 'good' : 'bad'}>{good ? 'Holds' : 'Does not hold'}</StateBadge>;
  return (
    <>
      <Text>{count(planted.cells)} different strings were sent through {count(planted.operations.length)} operations, and then searched for in {bytes(places.reduce((sum, place) => sum + place.bytes, 0))} of what the installation keeps and sends. {time(startedAt)}, {duration(durationS * 1000)}.</Text>
      <Subtitle2 as="h3">Checks</Subtitle2>
      <Table label="Checks of the audit" headings={['Check', 'Result']} rows={checks.map(({ says, holds }) => [says, mark(holds)])} />
      <Subtitle2 as="h3">Traces found</Subtitle2>
      {leaks.length === 0 ? <Text>None.</Text> : <Table label="Traces found" headings={['Where', 'Spelling', 'Operation', 'Field', 'Outcome', 'Cell']} rows={leaks.slice(0, most).map((leak) => [leak.place, leak.spelling, leak.operation, leak.field, `${leak.outcome}${leak.stream ? ', streamed' : ''}`, leak.cell])} />}
      {leaks.length > most ? <Text>And {count(leaks.length - most)} more, in the file.</Text> : null}
      <Subtitle2 as="h3">Can the search see?</Subtitle2>
      <Table label="Leaks that the audit planted itself" headings={['Planted leak', 'Found in', 'Found']} rows={positiveControl.leaks.map(({ what, sink, found }) => [what, sink.replaceAll('_', ' '), mark(found)])} />
      <Subtitle2 as="h3">Where it was searched</Subtitle2>
      <Table label="Places searched" headings={['Place', 'State', 'Files', 'Size', 'Finds', 'Not read']} numbers={[2, 3, 4]}
        rows={places.map(({ title, state, required, files, bytes: size, hits, notCovered }) => [title, state === 'searched' ? <StateBadge look="good">Searched</StateBadge> : <StateBadge look={required ? 'bad' : 'neutral'}>Not covered</StateBadge>, count(files), bytes(size), count(hits), notCovered.join('; ')])} />
      <Subtitle2 as="h3">What was planted</Subtitle2>
      <Table label="What was planted" headings={['Operation', 'Fields and headers', 'Strings', 'Outcomes']} numbers={[1, 2]} rows={planted.operations.map(({ operation, fields, cells, outcomes }) => [operation, count(fields), count(cells), Object.entries(outcomes).map(([outcome, times]) => `${outcome.replaceAll('_', ' ')} ${times}`).join(', ')])} />
      <Subtitle2 as="h3">What left the machine</Subtitle2>
      {outbound.destinations.length === 0 ? <Text>No process had a connection to another machine, in {count(outbound.looks)} looks.</Text> : <Table label="Connections" headings={['Address', 'Process', 'Declared as']} rows={outbound.destinations.map(({ address, port, protocol, by, declaredAs }) => [`${address} ${port} (${protocol})`, by, declaredAs ?? 'nobody'])} />}
      <Text>{count(engine.requests)} requests reached the audit&apos;s own engine{engine.surplus.length === 0 ? '; each had the fields that a model needs and nothing about who asked' : `; ${count(engine.surplus.length)} carried more than a model needs`}.</Text>
      <Subtitle2 as="h3">What this report does not prove</Subtitle2>
      <ul className={styles.list}>{cannotProve.map((each) => <li key={each}><Text>{each}</Text></li>)}</ul>
      <Subtitle2 as="h3">About</Subtitle2>
      <Facts facts={[...Object.entries(versions), ...Object.entries(installation)]} />
    </>
  );
}
