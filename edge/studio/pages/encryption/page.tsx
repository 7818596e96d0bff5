/** The keys of a project: which wraps which, whose they are, and closing what they open. */
import { useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, MessageBar, MessageBarBody, ProgressBar, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { ArrowSync20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { Closed } from '../../encryption/closed.tsx';
import type { Encryption } from '../../encryption/words.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count } from '../../frame/format.ts';
import { Page, Section } from '../../frame/page.tsx';
import { CustomerKeyPart } from './customer-key-part.tsx';
import { hierarchyOf } from './hierarchy.ts';
import { InWords } from './in-words.tsx';
import { Picture } from './picture.tsx';
import { Rotate } from './rotate.tsx';

const useStyles = makeStyles({ rotation: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, marginBottom: tokens.spacingVerticalS } });

export default function EncryptionPage(): ReactNode {
  const session = useSignedIn();
  const { data, error, refetch } = useOperation('showEncryption', {}, { pollMs: (last) => (last?.rotation ? 1000 : 15_000) });
  return (
    <Page title="Encryption" intro={`Every file that is uploaded to the project ${session.project} is sealed twice, under a data key of the platform's layer and one of the customer's. Here are the keys that wrap those; what a key is made of never leaves key custody or its provider.`}>
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <Skeleton aria-label="Loading the keys"><SkeletonItem style={{ height: '420px' }} /></Skeleton> : null}
      {data ? <Closed customerKey={data.customerKey} /> : null}
      {data ? <Keys encryption={data} /> : null}
      {data ? <CustomerKeyPart encryption={data} /> : null}
      <CliLine line="npx modelkeep encryption show" />
    </Page>
  );
}

function Keys({ encryption }: { encryption: Encryption }): ReactNode {
  const session = useSignedIn();
  const [asking, setAsking] = useState(false);
  const hierarchy = useMemo(() => hierarchyOf(encryption), [encryption]);
  const rotate = may(session, 'administrator') ? <Button icon={<ArrowSync20Regular />} disabledFocusable={encryption.rotation !== null} onClick={() => setAsking(true)}>Rotate the keys</Button> : undefined;
  return (
    <Section title="Keys" actions={rotate}>
      {encryption.rotation ? <Rotation {...encryption.rotation} /> : null}
      <Picture hierarchy={hierarchy} />
      <InWords hierarchy={hierarchy} />
      {may(session, 'administrator') ? null : <Text>Rotating, setting and disabling keys needs the role administrator.</Text>}
      <Rotate open={asking} encryption={encryption} onClose={() => setAsking(false)} />
    </Section>
  );
}

function Rotation({ done, of }: NonNullable<Encryption['rotation']>): ReactNode {
  const words = `${count(done)} of ${count(of)} data keys are wrapped anew`;
  return (
    <div className={useStyles().rotation}>
      <MessageBar><MessageBarBody>Keys are being rotated: {words}. Files can be used meanwhile.</MessageBarBody></MessageBar>
      <ProgressBar aria-label="Rotation of the keys" value={done} max={Math.max(1, of)} aria-valuetext={words} thickness="large" />
    </div>
  );
}
