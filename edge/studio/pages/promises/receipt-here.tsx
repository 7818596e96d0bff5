/** A request of this session, made now, and its receipt checked in this browser against the very bytes. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { listUsable } from '../../exchange/exchange.ts';
import { lookUp } from '../../exchange/verified-receipt.ts';
import { Failure } from '../../frame/failure.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import type { ReceiptState } from '../../receipt/receipt-panel.tsx';

const useStyles = makeStyles({ part: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 } });

export function ReceiptHere(): ReactNode {
  const styles = useStyles();
  const [found, setFound] = useState<ReceiptState>({});
  const [refusal, setRefusal] = useState<Error>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    const run = async (): Promise<void> => {
      const exchange = await listUsable(signal);
      if (exchange.refusal) { setRefusal(exchange.refusal); return; }
      // A request without a body has none to compare.
      const bodies = { response: exchange.received };
      const checked = await lookUp(exchange.requestId, { salt: exchange.salt, bodies }, { signal, onStep: (checking) => setFound({ checking }) });
      setFound({ checked, bodies, open: true });
    };
    run().catch((error: unknown) => { if (!signal.aborted) setFound({ error: error as Error }); });
    return () => controller.abort();
  }, []);
  return (
    <div className={styles.part}>
      <Text>This page has asked <code>GET /v1/models</code> just now, with your session. What follows is the receipt of that request.</Text>
      {refusal ? <Failure error={refusal} /> : <ReceiptPanel key={found.checked?.id ?? 'none'} {...found} />}
    </div>
  );
}
