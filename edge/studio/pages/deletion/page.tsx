/** The certificate of a deletion: what was tried, what came of it, and whether the ledger has it, checked here. */
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link as RouterLink, useParams } from 'wouter';
import { Button, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular } from '@fluentui/react-icons';
import type { Verdict } from '../../../verify/checks.ts';
import type { ApiError } from '../../api/call.ts';
import { purposeInWords } from '../../files/purposes.ts';
import { CliLine } from '../../frame/code.tsx';
import { Digest } from '../../frame/digest.tsx';
import { download } from '../../frame/download.ts';
import { Facts } from '../../frame/facts.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count, time } from '../../frame/format.ts';
import { Page, Section } from '../../frame/page.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { Table } from '../../frame/table.tsx';
import { CheckList } from '../../receipt/check-list.tsx';
import { KeyChoice } from '../../receipt/key-choice.tsx';
import { useKeptKey } from '../../receipt/ledger-key.ts';
import { actorInWords } from '../../ledger/actors.ts';
import { kindInWords } from '../../ledger/kinds.ts';
import { cannotCheck } from '../../ledger/published.ts';
import { fetchCertificate } from './certificate.ts';
import type { Certificate, Told } from './certificate.ts';
import { attemptInWords, isGone, outcomeInWords } from './statement.ts';
import type { Reason } from './statement.ts';

const useStyles = makeStyles({ actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, quiet: { color: tokens.colorNeutralForeground2 } });

export default function DeletionPage(): ReactNode {
  const { object = '' } = useParams();
  const kept = useKeptKey();
  const { data, error, refetch } = useQuery<Certificate, ApiError>({ queryKey: ['deletion certificate', object, kept ?? null], queryFn: async ({ signal }) => await fetchCertificate(object, signal) });
  return (
    <Page title="Deletion" intro="After a deletion every copy that Modelkeep knows of is tried. What came of it is an entry of the ledger; this is its certificate, checked by this browser and not by the server.">
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <Spinner label="Fetching the certificate and checking it" /> : null}
      {data ? <Verified certificate={data} object={object} /> : null}
      {data?.told ? <Statements told={data.told} /> : null}
      {data?.verdict ? <Checks verdict={data.verdict} keySource={data.key} /> : null}
      <Section title="Key of the ledger"><KeyChoice /></Section>
      <CliLine line={`npx modelkeep ledger deletion ${object} -o deletion.json`} />
      <CliLine label="Check it without this page" line="npx modelkeep-verify deletion deletion.json --key ledger.key" />
    </Page>
  );
}

function Verified({ certificate: { file, verdict, told }, object }: { certificate: Certificate; object: string }): ReactNode {
  const styles = useStyles();
  const passed = verdict?.checks.filter((each) => each.passed).length ?? 0;
  const failure = verdict?.checks.find((each) => !each.passed)?.code;
  return (
    <Section label="Certificate">
      {verdict ? (
        <MessageBar intent={verdict.passed ? 'success' : 'error'} layout="multiline" role={verdict.passed ? 'status' : 'alert'}>
          <MessageBarBody><MessageBarTitle>{verdict.passed ? `Certificate verified in this browser: ${passed} of ${verdict.checks.length} checks` : `Certificate failed: ${failure ?? 'unknown'}`}</MessageBarTitle> {verdict.passed ? 'Every copy that Modelkeep knew of is gone. What it keeps, and what is out of its reach, stands below.' : 'Do not rely on what it says.'}</MessageBarBody>
        </MessageBar>
      ) : <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>The certificate cannot be checked in this browser</MessageBarTitle> {cannotCheck}</MessageBarBody></MessageBar>}
      <div className={styles.actions}>
        <Button icon={<ArrowDownload20Regular />} onClick={() => download(`deletion-${object}.json`, file, 'application/json')}>Download the certificate</Button>
        {told ? <RouterLink href={`/ledger?entry=${told.index}`} asChild><Button as="a">Show in the ledger</Button></RouterLink> : null}
      </div>
    </Section>
  );
}

function Checks({ verdict: { checks }, keySource }: { verdict: Verdict; keySource: Certificate['key'] }): ReactNode {
  const styles = useStyles();
  return (
    <Section title="How it was checked">
      <CheckList checks={checks} label="Checks of the certificate" />
      <Text size={200} className={styles.quiet}>{keySource === 'kept' ? 'Checked with the ledger\'s key that you have kept.' : 'Checked with the ledger\'s key that this page was told when it first asked (trust on first use). A key that you have kept from before proves more.'}</Text>
    </Section>
  );
}

function Statements({ told: { kind, at, object, actor, facts, statement } }: { told: Told }): ReactNode {
  const { copies, kept, outOfReach } = statement;
  const tried = copies.some(({ before, after }) => before !== undefined || after !== undefined);
  return (
    <>
      <Section title="What was deleted">
        <Facts facts={[['What', kindInWords(kind)], ['Object', <Digest key="object" value={object} what="id of what was deleted" />], ...facts.map(factInWords), ['When', time(at)], ['By', <>{actorInWords(actor)} <Digest value={actor.id} what="id of who deleted it" /></>]]} />
      </Section>
      <Section title="What was tried">
        <Text>Each copy was looked for where it had been.{tried ? ' What was sealed was tried to be opened before its keys were destroyed, and in the same way afterwards.' : ''}</Text>
        <Table label="Known copies" headings={['Copy', 'Now', 'Where', ...(tried ? ['Opening it before', 'Opening it after'] : [])]} rows={copies.map(({ copy, place, before, after, outcome }) => [
          copy, <StateBadge key="now" look={isGone(outcome) ? 'good' : 'bad'}>{outcomeInWords(outcome)}</StateBadge>, place, ...(tried ? [attemptInWords(before), attemptInWords(after)] : []),
        ])} />
      </Section>
      <Reasons title="What is kept" none="Nothing." reasons={kept} />
      {outOfReach.length === 0 ? null : <Reasons title="What is out of reach" none="" reasons={outOfReach} intro="What nobody here can look for or destroy." />}
    </>
  );
}

/** What is known of a file in the words of its page; whatever else there is, as it is. */
function factInWords([name, value]: readonly [string, string]): readonly [string, string] {
  if (name === 'Bytes' && /^\d{1,15}$/.test(value)) return ['Size', Number(value) < 1000 ? bytes(Number(value)) : `${bytes(Number(value))} (${count(Number(value))} bytes)`];
  return [name, name === 'Purpose' ? purposeInWords(value) : value];
}

function Reasons({ title, intro, none, reasons }: { title: string; intro?: string; none: string; reasons: readonly Reason[] }): ReactNode {
  return <Section title={title}>{intro === undefined ? null : <Text>{intro}</Text>}{reasons.length === 0 ? <Text>{none}</Text> : <Table label={title} headings={['What', 'Why']} rows={reasons.map(({ what, why }) => [what, why])} />}</Section>;
}
