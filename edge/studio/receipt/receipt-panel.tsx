/** Under an answer: whether its receipt holds, in one line; behind it the checks, the statements, the raw form, and the way to check it without this page. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, makeStyles, Spinner, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular, CheckmarkCircle20Filled, ChevronDown20Regular, ChevronUp20Regular, Clock20Regular, DismissCircle20Filled } from '@fluentui/react-icons';
import { CliLine, Code } from '../frame/code.tsx';
import { download } from '../frame/download.ts';
import { Failure } from '../frame/failure.tsx';
import type { Exchange } from '../exchange/exchange.ts';
import type { CheckedReceipt } from '../exchange/verified-receipt.ts';
import { CheckList } from './check-list.tsx';
import { Statements } from './statements.tsx';

const useStyles = makeStyles({
  box: { border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground1 },
  head: { justifyContent: 'flex-start', width: '100%', minHeight: '36px' },
  body: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalM, minWidth: 0 },
  passed: { color: tokens.colorStatusSuccessForeground1 }, failed: { color: tokens.colorStatusDangerForeground1 },
  waiting: { minHeight: '36px', display: 'flex', alignItems: 'center', paddingInline: tokens.spacingHorizontalM },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});

/** `checked`: undefined while it is being fetched and checked. */
export function ReceiptPanel({ checked, error, exchange }: { checked: CheckedReceipt | undefined; error: Error | null; exchange?: Exchange }): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  if (error) return <Failure error={error} />;
  if (!checked) return <div className={`${styles.box} ${styles.waiting}`}><Spinner size="tiny" label="Fetching the receipt and checking it in this browser" /></div>;
  return (
    <div className={styles.box} role="group" aria-label="Receipt">
      <Button appearance="transparent" className={styles.head} aria-expanded={open} onClick={() => setOpen(!open)} icon={open ? <ChevronUp20Regular /> : <ChevronDown20Regular />}><Summary checked={checked} stopped={exchange?.stopped ?? false} /></Button>
      {open ? <Details checked={checked} {...(exchange ? { exchange } : {})} /> : null}
    </div>
  );
}

function Summary({ checked: { verdict }, stopped }: { checked: CheckedReceipt; stopped: boolean }): ReactNode {
  const styles = useStyles();
  const line = { display: 'inline-flex', alignItems: 'center', gap: 6, textAlign: 'start' } as const;
  if (!verdict) return <span style={line}><Clock20Regular /> Receipt not in the ledger yet</span>;
  const passed = verdict.checks.filter((each) => each.passed).length;
  if (verdict.passed) return <span style={line} role="status"><CheckmarkCircle20Filled className={styles.passed} /> Receipt verified in this browser: {passed} of {verdict.checks.length} checks{stopped ? ' (the answer was stopped, so its bytes were not compared)' : ''}</span>;
  return <span style={line} role="alert"><DismissCircle20Filled className={styles.failed} /> Receipt failed: {verdict.checks.find((each) => !each.passed)?.code}</span>;
}

function Details({ checked, exchange }: { checked: CheckedReceipt; exchange?: Exchange }): ReactNode {
  const styles = useStyles();
  const [tab, setTab] = useState('checks');
  const { file, receipt, ledger, verdict } = checked;
  const name = `receipt-${receipt.receipt_id}`;
  return (
    <div className={styles.body}>
      <TabList size="small" selectedValue={tab} onTabSelect={(_event, { value }) => setTab(String(value))} aria-label="Parts of the receipt">
        <Tab value="checks">Checks</Tab><Tab value="statements">What it states</Tab><Tab value="raw">Raw</Tab>
      </TabList>
      {tab === 'checks' && verdict ? <CheckList verdict={verdict} label="Checks of the receipt" /> : null}
      {tab === 'checks' && !verdict ? <Text>The ledger publishes about once a second. It has not published the batch of this receipt; look it up again under Receipts.</Text> : null}
      {tab === 'statements' ? <Statements receipt={receipt} /> : null}
      {tab === 'raw' ? <Code what="receipt as JSON" text={JSON.stringify(receipt, null, 2)} /> : null}
      <div className={styles.actions}>
        <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => download(`${name}.json`, file, 'application/json')}>Receipt</Button>
        {exchange ? <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => { download(`${name}-prompt.body`, exchange.sent); download(`${name}-response.body`, exchange.received); }}>Sent and received bytes</Button> : null}
        {ledger ? <RouterLink href={`/ledger?entry=${ledger.batch.index}`} asChild><Button as="a" size="small">Show in the ledger</Button></RouterLink> : null}
      </div>
      <CliLine label="Check it without this page" line={`npx modelkeep-verify receipt ${name}.json${exchange ? ` --prompt ${name}-prompt.body --response ${name}-response.body` : ''}`} />
    </div>
  );
}
