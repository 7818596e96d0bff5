/** A receipt by the id of its request, while the gateway still has it. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { Search20Regular } from '@fluentui/react-icons';
import { lookUp } from '../../exchange/verified-receipt.ts';
import { CliLine } from '../../frame/code.tsx';
import { Section } from '../../frame/page.tsx';
import { SecretInput } from '../../frame/secret-input.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import type { ReceiptState } from '../../receipt/receipt-panel.tsx';

const useStyles = makeStyles({
  fields: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 280px), 1fr))', gap: tokens.spacingHorizontalM, alignItems: 'start' },
  mono: { fontFamily: tokens.fontFamilyMonospace },
  send: { marginTop: tokens.spacingVerticalM },
});

export function LookUp(): ReactNode {
  const styles = useStyles();
  const [id, setId] = useState('');
  const [credential, setCredential] = useState('');
  const [salt, setSalt] = useState('');
  const [found, setFound] = useState<ReceiptState>();
  const page = useRef(new AbortController());
  useEffect(() => { page.current = new AbortController(); return () => page.current.abort(); }, []);
  const wrong = id.trim() !== '' && !/^req_[0-9a-z]+$/i.test(id.trim()) ? 'An id begins with req_; it is the x-request-id of the answer' : undefined;
  const ready = id.trim() !== '' && wrong === undefined;

  const run = (): void => {
    page.current.abort();
    const controller = new AbortController();
    page.current = controller;
    const { signal } = controller;
    setFound({});
    lookUp(id.trim(), { credential: credential.trim() || undefined, salt: salt.trim() || undefined }, { signal, onStep: (checking) => { if (!signal.aborted) setFound({ checking }); } })
      .then((checked) => { if (!signal.aborted) setFound({ checked, open: true }); }, (error: unknown) => { if (!signal.aborted) setFound({ error: error as Error }); });
  };
  return (
    <Section title="Look one up">
      <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (ready) run(); }}>
        <div className={styles.fields}>
          <Field label="Request id" required hint="The x-request-id of the answer, while the gateway has the receipt: a quarter of an hour unless configured" {...(wrong === undefined ? {} : { validationMessage: wrong })}>
            <Input value={id} input={{ className: styles.mono }} autoComplete="off" spellCheck={false} placeholder="req_…" onChange={(_event, { value }) => setId(value)} />
          </Field>
          <Field label="Key that the request was made with" hint="Empty for a request of this session. With it this browser also derives the secret that opens the commitments.">
            <SecretInput value={credential} placeholder="mk-ek-…" onText={setCredential} />
          </Field>
          <Field label="Salt" hint="The answer's x-modelkeep-receipt-salt, where it had one">
            <Input value={salt} input={{ className: styles.mono }} autoComplete="off" spellCheck={false} onChange={(_event, { value }) => setSalt(value)} />
          </Field>
        </div>
        <Button className={styles.send} appearance="primary" type="submit" icon={<Search20Regular />} disabledFocusable={!ready}>Look up and check</Button>
      </form>
      {found ? <ReceiptPanel key={found.checked?.id ?? 'none'} {...found} onCheckAgain={run} /> : null}
      <CliLine line={`npx modelkeep receipts get ${ready ? id.trim() : 'ID'} --key KEY -o receipt.json`} />
    </Section>
  );
}
