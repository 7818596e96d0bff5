/** What was asked and answered, with its figures and its receipt. */
import { lazy, Suspense, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, MessageBar, MessageBarBody, MessageBarTitle, Spinner, Text, tokens } from '@fluentui/react-components';
import { Failure } from '../../frame/failure.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import { announcementOf, figuresOf } from './figures.ts';
import type { Turn } from './use-conversation.ts';

const Markdown = lazy(() => import('../../frame/markdown.tsx'));
const useStyles = makeStyles({
  thread: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, minWidth: 0 },
  turn: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 },
  question: { alignSelf: 'flex-end', maxWidth: '85%', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorBrandBackground2, color: tokens.colorNeutralForeground1 },
  answer: { maxWidth: '100%', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground3, minHeight: '20px' },
  text: { margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: 'inherit' },
  figures: { color: tokens.colorNeutralForeground2 },
  unseen: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
});

interface Shown { turns: readonly Turn[]; label: string; markdown: boolean; onCheckAgain: (turn: Turn) => void }
export function Thread({ turns, label, markdown, onCheckAgain }: Shown): ReactNode {
  const styles = useStyles();
  const end = useRef<HTMLDivElement>(null);
  const length = turns.length;
  useEffect(() => { if (length > 0) end.current?.scrollIntoView({ block: 'nearest' }); }, [length]);
  return (
    <>
      <ol className={styles.thread} aria-label={label}>
        {turns.map((turn) => (
          <li key={turn.id} className={styles.turn}>
            <div className={styles.question} role="group" aria-label="You"><p className={styles.text}>{turn.question}</p></div>
            <Answer turn={turn} markdown={markdown} />
            {turn.error ? <Failure error={turn.error} /> : null}
            {turn.exchange && turn.answer !== '' ? <Text size={200} className={styles.figures}>{figuresOf(turn.exchange, turn.json === true ? turn.answer : undefined)}</Text> : null}
            <TurnReceipt turn={turn} onCheckAgain={onCheckAgain} />
          </li>
        ))}
      </ol>
      <div ref={end} />
      <div role="status" className={styles.unseen}>{announcementOf(turns.at(-1))}</div>
    </>
  );
}

function Answer({ turn: { answer, running, exchange }, markdown }: { turn: Turn; markdown: boolean }): ReactNode {
  const styles = useStyles();
  if (answer === '' && !running) return exchange?.stopped ? <Text className={styles.figures}>You stopped it before it began to answer.</Text> : null;
  const plain = <p className={styles.text}>{answer}</p>;
  return (
    <div className={styles.answer} role="group" aria-label="Answer" aria-busy={running}>
      {markdown ? <Suspense fallback={plain}><Markdown text={answer} /></Suspense> : plain}
      {running && answer === '' ? <Spinner size="tiny" label="Waiting for the first token" /> : null}
    </div>
  );
}

/** Stopped before the first byte of an answer, nobody knows its request id. Any other answer without one had it taken away. */
function TurnReceipt({ turn, onCheckAgain }: { turn: Turn; onCheckAgain: (turn: Turn) => void }): ReactNode {
  const { exchange, checked, checking, checkError } = turn;
  if (!exchange || (exchange.requestId === '' && exchange.stopped)) return null;
  if (exchange.requestId === '') return <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>No receipt</MessageBarTitle> The answer came without a request id. Something between this page and Modelkeep took it away, or answered itself: do not trust this answer.</MessageBarBody></MessageBar>;
  const bodies = { prompt: exchange.sent, ...(exchange.whole ? { response: exchange.received } : {}) };
  return <ReceiptPanel checked={checked} checking={checking} error={checkError} bodies={bodies} cut={!exchange.whole} onCheckAgain={() => onCheckAgain(turn)} />;
}
