/** Whether a receipt holds, in one line; behind it the checks, the statements, the raw form, and the way to check it without this page. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, mergeClasses, MessageBar, MessageBarBody, MessageBarTitle, Spinner, tokens } from '@fluentui/react-components';
import { CheckmarkCircle20Filled, ChevronDown20Regular, ChevronUp20Regular, Clock20Regular, DismissCircle20Filled } from '@fluentui/react-icons';
import { Failure } from '../frame/failure.tsx';
import { CannotCheck } from '../exchange/verified-receipt.ts';
import type { Bodies, CheckedReceipt, Checking } from '../exchange/verified-receipt.ts';
import { Details } from './details.tsx';
import { summaryOf } from './summary.ts';

const useStyles = makeStyles({
  box: { border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground1, minWidth: 0 },
  head: { justifyContent: 'flex-start', width: '100%', minHeight: '36px' },
  line: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalS, textAlign: 'start' },
  passed: { color: tokens.colorStatusSuccessForeground1 }, failed: { color: tokens.colorStatusDangerForeground1 }, icon: { flex: '0 0 auto' },
  waiting: { minHeight: '36px', display: 'flex', alignItems: 'center', paddingInline: tokens.spacingHorizontalM },
});

export interface ReceiptState {
  /** Undefined while it is being fetched and checked. */
  checked?: CheckedReceipt | undefined; checking?: Checking | undefined; error?: Error | null | undefined;
  /** The bytes that it was checked against, as they can be downloaded. */
  bodies?: Bodies | undefined;
  /** The answer did not come to its end. */
  cut?: boolean; open?: boolean;
  onCheckAgain?: (() => void) | undefined;
}

export function ReceiptPanel({ checked, checking, error, bodies, cut = false, open: first = false, onCheckAgain }: ReceiptState): ReactNode {
  const styles = useStyles();
  const [open, setOpen] = useState(first);
  if (error instanceof CannotCheck) return <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>The receipt cannot be checked in this browser</MessageBarTitle> {error.message}</MessageBarBody></MessageBar>;
  if (error) return <Failure error={error} {...(onCheckAgain ? { onRetry: onCheckAgain } : {})} />;
  if (!checked) return <div className={mergeClasses(styles.box, styles.waiting)}><Spinner size="tiny" label={words(checking)} /></div>;
  const { look, line } = summaryOf(checked, cut);
  const icon = { passed: <CheckmarkCircle20Filled className={mergeClasses(styles.passed, styles.icon)} />, failed: <DismissCircle20Filled className={mergeClasses(styles.failed, styles.icon)} />, pending: <Clock20Regular className={styles.icon} /> }[look];
  return (
    <div className={styles.box} role="group" aria-label="Receipt">
      <Button appearance="transparent" className={styles.head} aria-expanded={open} onClick={() => setOpen(!open)} icon={open ? <ChevronUp20Regular /> : <ChevronDown20Regular />}><span className={styles.line}>{icon} {line}</span></Button>
      {open ? <Details checked={checked} bodies={bodies} onCheckAgain={onCheckAgain} /> : null}
    </div>
  );
}

function words(checking: Checking | undefined): string {
  if (checking?.step === 'waiting') return 'Waiting for the ledger to publish the receipt, a second or two';
  if (checking?.step === 'checking') return `Checking the receipt in this browser: ${checking.checks.length} checks so far, now ${checking.checks.at(-1)?.check ?? 'the first'}`;
  return 'Fetching the receipt';
}
