/** A receipt opened up: its checks, what it states, its raw form; and everything that is needed to check it without this page. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, makeStyles, Tab, TabList, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular, ArrowDownload20Regular } from '@fluentui/react-icons';
import type { Bodies, CheckedReceipt } from '../exchange/verified-receipt.ts';
import { CliLine, Code } from '../frame/code.tsx';
import { download } from '../frame/download.ts';
import { CheckList } from './check-list.tsx';
import { Statements } from './statements.tsx';

const useStyles = makeStyles({
  body: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, padding: tokens.spacingHorizontalM, minWidth: 0 },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

export function Details({ checked, bodies = {}, onCheckAgain }: { checked: CheckedReceipt; bodies?: Bodies | undefined; onCheckAgain?: (() => void) | undefined }): ReactNode {
  const styles = useStyles();
  const [tab, setTab] = useState('checks');
  return (
    <div className={styles.body}>
      <TabList size="small" selectedValue={tab} onTabSelect={(_event, { value }) => setTab(String(value))} aria-label="Parts of the receipt">
        <Tab value="checks">Checks</Tab><Tab value="statements">What it states</Tab><Tab value="raw">Raw</Tab>
      </TabList>
      {tab === 'checks' ? <Checks checked={checked} /> : null}
      {tab === 'statements' ? checked.receipt ? <Statements receipt={checked.receipt} /> : <Text>What it states is shown once its signature holds: until then nobody is known to have said it.</Text> : null}
      {tab === 'raw' ? <Code what="receipt file" text={formatted(checked.file)} /> : null}
      <Actions checked={checked} bodies={bodies} onCheckAgain={onCheckAgain} />
      <CliLine label="Check it without this page" line={verifyLine(checked.id, bodies)} />
    </div>
  );
}

function Checks({ checked: { verdict, key } }: { checked: CheckedReceipt }): ReactNode {
  const styles = useStyles();
  if (!verdict) return <Text>The ledger publishes about once a second, and has not published the batch of this receipt yet. Nothing is wrong; check again in a moment.</Text>;
  return (
    <>
      <CheckList checks={verdict.checks} label="Checks of the receipt" />
      <Text size={200} className={styles.quiet}>{key === 'kept' ? 'Checked with the ledger\'s key that you have kept.' : 'Checked with the ledger\'s key that this page was told when it first asked (trust on first use). A key that you have kept from before proves more.'}</Text>
    </>
  );
}

function Actions({ checked: { id, file, entry }, bodies: { prompt, response }, onCheckAgain }: { checked: CheckedReceipt; bodies: Bodies; onCheckAgain: (() => void) | undefined }): ReactNode {
  const styles = useStyles();
  const save = (label: string, name: string, bytes: Uint8Array, type?: string): ReactNode => <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => download(name, bytes, type)}>{label}</Button>;
  return (
    <div className={styles.actions}>
      {onCheckAgain === undefined ? null : <Button size="small" icon={<ArrowClockwise20Regular />} onClick={onCheckAgain}>Check again</Button>}
      {save('Receipt file', `receipt-${id}.json`, file, 'application/json')}
      {prompt ? save('Bytes that were sent', `receipt-${id}-prompt.body`, prompt) : null}
      {response ? save('Bytes that came', `receipt-${id}-response.body`, response) : null}
      {entry === null ? null : <RouterLink href={`/ledger?entry=${entry}`} asChild><Button as="a" size="small">Show in the ledger</Button></RouterLink>}
    </div>
  );
}

const verifyLine = (id: string, { prompt, response }: Bodies): string => `npx modelkeep-verify receipt receipt-${id}.json${prompt ? ` --prompt receipt-${id}-prompt.body` : ''}${response ? ` --response receipt-${id}-response.body` : ''} --key ledger.key`;

/** Bytes that are no JSON are shown as they are. */
function formatted(file: Uint8Array): string {
  const text = new TextDecoder().decode(file);
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}
