/** What a promise is proved with, where it stands: run here where a browser can run it, opened where it is a page of its own. */
import { lazy, Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, Link, makeStyles, MessageBar, MessageBarBody, Spinner, Text, tokens } from '@fluentui/react-components';
import { Play20Regular } from '@fluentui/react-icons';
import { useSignedIn } from '../../api/session.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import type { AnswerOf } from '../../api/call.ts';
import { Code } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count } from '../../frame/format.ts';
import { summary } from '../../isolation/words.ts';

export type Promised = AnswerOf<'listPromises'>['data'][number];
type Proof = Promised['provedBy'][number];
const WholeTree = lazy(async () => ({ default: (await import('../ledger/whole-tree.tsx')).WholeTree }));
const ReceiptHere = lazy(async () => ({ default: (await import('./receipt-here.tsx')).ReceiptHere }));
const Health = lazy(async () => ({ default: (await import('../settings/health.tsx')).Health }));

const useStyles = makeStyles({ proof: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0, alignItems: 'flex-start' }, whole: { width: '100%', minWidth: 0 }, actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL } });

/** Those that are a page of their own. */
const pages: Partial<Record<Proof['proof'], [title: string, to: string]>> = {
  data_map: ['Open: the data map', '/data-map'], receipt: ['Open: receipts', '/receipts'], deletion_certificate: ['Open: deletions in the ledger', '/ledger?kind=file.deleted'], people: ['Open: people and roles', '/settings?tab=people'],
  usage: ['Open: usage', '/usage'], catalog: ['Open: the catalog', '/catalog'], files: ['Open: data', '/data'], encryption: ['Open: encryption', '/encryption'],
};
const here: Partial<Record<Proof['proof'], { title: string; content: () => ReactNode }>> = {
  verify_ledger: { title: 'Run here: verify the ledger', content: () => <WholeTree /> }, health: { title: 'Run here: examine the installation', content: () => <Health /> },
  isolation_profile: { title: 'Run here: read the isolation profiles', content: () => <Profiles /> }, audit: { title: 'Run here: audit the installation', content: () => <AuditHere /> },
  receipt: { title: 'Run here: make a request and check its receipt', content: () => <ReceiptHere /> },
};

export function ProofRow({ proof: { proof, command, shows } }: { proof: Proof }): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const page = pages[proof];
  const inPlace = here[proof];
  return (
    <div className={styles.proof}>
      <Text>Shows {shows}.</Text>
      <div className={styles.actions}>
        {inPlace ? <Button icon={<Play20Regular />} aria-expanded={open} onClick={() => setOpen(!open)}>{inPlace.title}</Button> : null}
        {page ? <RouterLink href={page[1]} asChild><Button as="a">{page[0]}</Button></RouterLink> : null}
      </div>
      {inPlace && open ? <div className={styles.whole}><Suspense fallback={<Spinner size="small" label="Opening" />}><inPlace.content /></Suspense></div> : null}
      <div className={styles.whole}><Code text={command} what={`command: ${command}`} /></div>
    </div>
  );
}

function Profiles(): ReactNode {
  const styles = useStyles();
  const { data, error } = useOperation('listDeployments');
  if (error) return <Failure error={error} />;
  if (!data) return <Spinner size="small" label="Reading isolation profiles" />;
  if (data.data.length === 0) return <Text>Nothing is deployed in this project. A deployment is attacked from inside before its model is loaded, and shows what was found.</Text>;
  return <ul className={styles.list} aria-label="Isolation profiles">{data.data.map(({ name, isolation }) => <li key={name}><RouterLink href={`/deployments/${name}`} asChild><Link inline>{name}</Link></RouterLink>: {summary(isolation)}</li>)}</ul>;
}

function AuditHere(): ReactNode {
  const session = useSignedIn();
  const allowed = session.scope === 'installation' && session.role === 'administrator';
  const audits = useOperation('listAudits', {}, { enabled: allowed, pollMs: (last) => (last?.data.some(({ state }) => state === 'running') ? 1000 : false) });
  const start = useAct('startAudit');
  if (!allowed) return <Text>An audit looks at all of the installation: ask one of its administrators to start one and show you its report.</Text>;
  const [newest] = audits.data?.data ?? [];
  const step = newest?.steps.findLast(({ total }) => total > 0);
  const words = newest === undefined ? 'None was made yet.' : newest.state === 'running' ? `Under way${step ? `: ${step.step}, ${count(step.done)} of ${count(step.total)}` : ''}.` : newest.state === 'passed' ? 'The newest audit passed.' : newest.state === 'failed' ? 'The newest audit failed.' : 'The newest audit ended without a report.';
  return (
    <>
      {start.error ? <Failure error={start.error} /> : null}
      <MessageBar intent={newest?.state === 'passed' ? 'success' : newest?.state === 'failed' ? 'error' : 'info'} layout="multiline" role="status"><MessageBarBody>{words} <RouterLink href={newest?.summary ? `/audits?audit=${newest.id}` : '/audits'} asChild><Link inline>{newest?.summary ? 'Read its report' : 'See audits'}</Link></RouterLink></MessageBarBody></MessageBar>
      <Button appearance="primary" disabledFocusable={newest?.state === 'running' || start.isPending} onClick={() => start.mutate({})}>Start an audit</Button>
    </>
  );
}
