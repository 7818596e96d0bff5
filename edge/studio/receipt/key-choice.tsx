/** Which key of the ledger receipts are checked with: one that the person has kept, or the one that this page was told first. */
import type { ReactNode } from 'react';
import { Field, makeStyles, Text, tokens } from '@fluentui/react-components';
import { CliLine } from '../frame/code.tsx';
import { PrivateTextarea } from '../frame/private-textarea.tsx';
import { keepKey, useKeptKey } from './ledger-key.ts';

const useStyles = makeStyles({ box: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0 }, mono: { fontFamily: tokens.fontFamilyMonospace } });

export function KeyChoice(): ReactNode {
  const styles = useStyles();
  const kept = useKeptKey() ?? '';
  return (
    <div className={styles.box}>
      <Text>Without a key of your own this page believes the first one that it is told. A server that lies to you alone could tell you one that it made for you; it cannot when you bring a key that you, or somebody you trust, wrote down before.</Text>
      <Field label="Key of the ledger that you have kept" hint="One line: name, number and key, joined by +. It stays in this page.">
        <PrivateTextarea value={kept} textClass={styles.mono} onText={keepKey} />
      </Field>
      <CliLine label="Keep it once, now" line={`curl -s ${window.location.origin}/ledger/key > ledger.key`} />
    </div>
  );
}
