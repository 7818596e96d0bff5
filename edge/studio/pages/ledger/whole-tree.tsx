/** The whole ledger, checked in this browser: every entry fetched, every hash computed, the root compared with what is signed. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, makeStyles, MessageBar, MessageBarBody, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular, ShieldCheckmark20Regular } from '@fluentui/react-icons';
import { CliLine } from '../../frame/code.tsx';
import { download } from '../../frame/download.ts';
import { Failure } from '../../frame/failure.tsx';
import { count, duration, share } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { CheckList } from '../../receipt/check-list.tsx';
import { cannotCheck, newestNote, sizeIn } from '../../ledger/published.ts';
import { stop, useVerification, verify } from './verification.ts';
import type { Result, Run } from './verification.ts';

const useStyles = makeStyles({
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'flex-end' }, quiet: { color: tokens.colorNeutralForeground2 }, input: { maxWidth: '100%', color: tokens.colorNeutralForeground1 },
  progress: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS },
});

export function WholeTree(): ReactNode {
  const styles = useStyles();
  const { run, result, error } = useVerification();
  const [kept, setKept] = useState<{ name: string; bytes: Uint8Array }>();
  const save = async (): Promise<void> => {
    const note = await newestNote();
    if (note) download(`modelkeep-checkpoint-${sizeIn(note)}.txt`, note, 'text/plain');
  };
  return (
    <Section title="Verify the whole ledger">
      <Text>This browser fetches every entry and every hash, computes the root of the tree, and compares it with the signed checkpoint. The server is not asked whether it holds. With a checkpoint that you have kept from before, it also proves that nothing was removed or rewritten since.</Text>
      {cannotCheck === undefined ? null : <MessageBar intent="warning" layout="multiline"><MessageBarBody>{cannotCheck}</MessageBarBody></MessageBar>}
      <Field label="A checkpoint that you have kept" hint={kept ? `${kept.name}, of ${count(sizeIn(kept.bytes))} entries` : 'Optional. The file that the button beside downloads, from an earlier day.'}>
        {(labelled) => <input {...labelled} className={styles.input} type="file" autoComplete="off" onChange={({ currentTarget: { files } }) => { const file = files?.[0]; if (file) void file.arrayBuffer().then((buffer) => setKept({ name: file.name, bytes: new Uint8Array(buffer) })); else setKept(undefined); }} />}
      </Field>
      <div className={styles.actions}>
        {run ? <Button onClick={stop}>Stop</Button> : <Button appearance="primary" icon={<ShieldCheckmark20Regular />} disabled={cannotCheck !== undefined} onClick={() => { void verify(kept?.bytes); }}>Verify the whole ledger</Button>}
        <Button icon={<ArrowDownload20Regular />} onClick={() => { void save(); }}>Download the newest checkpoint</Button>
      </div>
      {run ? <Progress {...run} /> : null}
      {error ? <Failure error={error} onRetry={() => { void verify(kept?.bytes); }} /> : null}
      {result ? <Outcome {...result} /> : null}
      <CliLine label="Keep the newest checkpoint" line={`curl -s ${window.location.origin}/ledger/checkpoint -o checkpoint.txt`} />
      <CliLine label="Verify it without this page" line={`npx modelkeep-verify checkpoint OLD NEW --ledger ${window.location.origin}/ledger --key ledger.key`} />
    </Section>
  );
}

function Progress({ size, done, started }: Run): ReactNode {
  const styles = useStyles();
  const elapsed = performance.now() - started;
  const left = done === 0 ? undefined : (elapsed / done) * (size - done);
  const words = done < size ? `${count(done)} of ${count(size)} entries, ${share(done, size)}` : 'Computing the root';
  return <div className={styles.progress}><ProgressBar aria-label="Verification of the ledger" value={done} max={Math.max(1, size)} aria-valuetext={words} thickness="large" /><Text>{words}{left === undefined || left < 1000 ? '' : `, ${duration(left)} left`}</Text></div>;
}

function Outcome({ verdict, size, older, tookMs }: Result): ReactNode {
  const styles = useStyles();
  return (
    <>
      <MessageBar intent={verdict.passed ? 'success' : 'error'} layout="multiline" role={verdict.passed ? 'status' : 'alert'}>
        <MessageBarBody>{verdict.passed ? `The ledger holds: all ${count(size)} entries are what the checkpoint signs${older === undefined ? '' : `, and it begins with the ${count(older)} of the older checkpoint`}. It took ${duration(tookMs)}.` : 'The ledger does not hold.'}</MessageBarBody>
      </MessageBar>
      <CheckList checks={verdict.checks} label="Checks of the ledger" />
      <Text size={200} className={styles.quiet}>The key was the one that this page was told first, unless you have brought yours under Receipts, Key of the ledger.</Text>
    </>
  );
}
