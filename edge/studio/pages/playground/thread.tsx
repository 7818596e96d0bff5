/** What was asked and answered, with its figures and its receipt. */
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, Spinner, Text, tokens } from '@fluentui/react-components';
import { Failure } from '../../frame/failure.tsx';
import { count, duration } from '../../frame/format.ts';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import type { Exchange } from '../../exchange/exchange.ts';
import type { Turn } from './use-conversation.ts';

const useStyles = makeStyles({
  thread: { listStyleType: 'none', margin: 0, padding: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, minWidth: 0 },
  turn: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 },
  question: { alignSelf: 'flex-end', maxWidth: '85%', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorBrandBackground2, color: tokens.colorNeutralForeground1 },
  answer: { maxWidth: '100%', padding: tokens.spacingHorizontalM, borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground3, minHeight: '20px' },
  text: { margin: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: 'inherit' },
  figures: { color: tokens.colorNeutralForeground2 },
});

export function Thread({ turns, label }: { turns: readonly Turn[]; label: string }): ReactNode {
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
            {turn.answer === '' && !turn.running ? null : (
              <div className={styles.answer} role="group" aria-label="Answer" aria-busy={turn.running}>
                <p className={styles.text}>{turn.answer}</p>{turn.running && turn.answer === '' ? <Spinner size="tiny" label="Waiting for the first token" /> : null}
              </div>
            )}
            {turn.error ? <Failure error={turn.error} /> : null}
            {turn.exchange && !turn.exchange.refusal ? <Figures exchange={turn.exchange} /> : null}
            {turn.exchange && turn.exchange.requestId !== '' ? <ReceiptPanel checked={turn.checked} error={turn.checkError ?? null} exchange={turn.exchange} /> : null}
          </li>
        ))}
      </ol>
      <div ref={end} />
    </>
  );
}

function Figures({ exchange: { usage, firstMs, totalMs, finish, stopped } }: { exchange: Exchange }): ReactNode {
  const styles = useStyles();
  const seconds = (totalMs - (firstMs ?? 0)) / 1000;
  const words = [
    usage ? `${count(usage.prompt_tokens)} tokens in, ${count(usage.completion_tokens)} out` : undefined,
    firstMs === null ? undefined : `first token after ${duration(firstMs)}`, `whole answer ${duration(totalMs)}`,
    usage && usage.completion_tokens > 1 && seconds > 0.02 ? `${(usage.completion_tokens / seconds).toFixed(1)} tokens per second` : undefined,
    stopped ? 'stopped by you' : finish === 'length' ? 'cut at the most tokens' : finish === 'stop' || finish === null ? undefined : finish,
  ];
  return <Text size={200} className={styles.figures}>{words.filter((word) => word !== undefined).join(' · ')}</Text>;
}
