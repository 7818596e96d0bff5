/** Texts as vectors, and how near each is to each. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, makeStyles, Table, TableBody, TableCell, TableHeader, TableHeaderCell, TableRow, Text, tokens } from '@fluentui/react-components';
import { embed } from '../../exchange/exchange.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { checkReceipt } from '../../exchange/verified-receipt.ts';
import type { CheckedReceipt, Checking } from '../../exchange/verified-receipt.ts';
import { Failure } from '../../frame/failure.tsx';
import { count, duration } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { PrivateTextarea } from '../../frame/private-textarea.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import { cosine } from './similarity.ts';

interface Made { texts: string[]; vectors: number[][]; exchange?: Exchange; checking?: Checking; checked?: CheckedReceipt; error?: Error; checkError?: Error }
const useStyles = makeStyles({ quiet: { color: tokens.colorNeutralForeground2 }, scroll: { overflowX: 'auto', minWidth: 0 }, cell: { minWidth: '72px', textAlign: 'end' }, text: { maxWidth: '240px', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' } });

export function Embeddings({ deployment }: { deployment: string }): ReactNode {
  const styles = useStyles();
  const [text, setText] = useState('');
  const [made, setMade] = useState<Made>();
  const [busy, setBusy] = useState(false);
  const page = useRef(new AbortController());
  useEffect(() => { page.current = new AbortController(); return () => page.current.abort(); }, []);
  const texts = text.split('\n').filter((line) => line.trim() !== '').slice(0, 64);

  const run = async (): Promise<void> => {
    setBusy(true);
    let vectors: number[][] = [];
    const { signal } = page.current;
    try {
      const exchange = await embed(deployment, texts, (found) => { vectors = found; }, signal);
      setMade({ texts, vectors, exchange, ...(exchange.refusal ? { error: exchange.refusal } : {}) });
      setBusy(false);
      const change = (more: Partial<Made>): void => setMade((last) => (last?.exchange === exchange ? { ...last, ...more } : last));
      if (exchange.requestId !== '') change({ checked: await checkReceipt(exchange, { signal, onStep: (checking) => change({ checking }) }) });
    } catch (error) {
      if (!signal.aborted) setMade((last) => (last?.exchange ? { ...last, checkError: error as Error } : { texts, vectors: [], error: error as Error }));
    } finally { setBusy(false); }
  };

  return (
    <>
      <Section label="Texts">
        <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (texts.length > 0 && !busy) void run(); }}>
          <Field label="Texts" hint="One on each line, 64 at most. Nothing of them is kept."><PrivateTextarea value={text} rows={5} onText={setText} /></Field>
          <Button style={{ marginTop: 8 }} appearance="primary" type="submit" disabledFocusable={texts.length === 0 || busy}>{busy ? 'Working' : 'Compare'}</Button>
        </form>
      </Section>
      {made?.error ? <Failure error={made.error} /> : null}
      {made && made.vectors.length > 0 ? (
        <Section title="Similarity">
          <Text className={styles.quiet}>Cosine of each pair: 1 is the same meaning, 0 nothing in common. {count(made.vectors[0]?.length ?? 0)} numbers a text{made.exchange ? `, ${duration(made.exchange.totalMs)}` : ''}.</Text>
          <div className={styles.scroll} role="region" aria-label="Similarity of the texts" tabIndex={0}>
            <Table size="small" aria-label="Similarity" style={{ minWidth: 240 + made.texts.length * 72 }}>
              <TableHeader><TableRow><TableHeaderCell>Text</TableHeaderCell>{made.texts.map((_each, i) => <TableHeaderCell key={i} className={styles.cell}>{i + 1}</TableHeaderCell>)}</TableRow></TableHeader>
              <TableBody>{made.texts.map((each, i) => (
                <TableRow key={i}>
                  <TableCell className={styles.text}>{i + 1}. {each}</TableCell>
                  {made.vectors.map((vector, j) => <TableCell key={j} className={styles.cell}>{cosine(made.vectors[i] ?? [], vector).toFixed(3)}</TableCell>)}
                </TableRow>
              ))}</TableBody>
            </Table>
          </div>
        </Section>
      ) : null}
      {made?.exchange && made.exchange.requestId !== '' ? <ReceiptPanel checked={made.checked} checking={made.checking} error={made.checkError} bodies={{ prompt: made.exchange.sent, response: made.exchange.received }} cut={!made.exchange.whole} /> : null}
    </>
  );
}
