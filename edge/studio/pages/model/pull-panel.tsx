/** Whether the model is here, and how it gets here. A pull runs in the server: this only finds it and shows it. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Button, makeStyles, MessageBar, MessageBarBody, MessageBarTitle, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { failureCodes } from '#contract/error-codes.ts';
import { may, useSignedIn } from '../../api/session.ts';
import { useAct, useOperation } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Confirm } from '../../frame/confirm.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, duration, share } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { PullBadge } from '../../models/model-badges.tsx';
import { memoryOf, sizeOf } from '../../models/words.ts';
import type { ModelDetail, Pull } from '../../models/words.ts';

const useStyles = makeStyles({
  progress: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS },
  figures: { display: 'flex', flexWrap: 'wrap', justifyContent: 'space-between', columnGap: tokens.spacingHorizontalL, fontVariantNumeric: 'tabular-nums', minHeight: '20px' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
});
const underWay = (pull: Pull | undefined): boolean => pull !== undefined && pull.state !== 'done' && pull.state !== 'failed';

/** The newest pull of this version, read often while it is under way. What it changes is read again when it ends. */
function usePull(model: ModelDetail): Pull | undefined {
  const client = useQueryClient();
  const { data } = useOperation('listPulls', { query: { model: model.name } }, { pollMs: (last) => (last?.data.some((pull) => underWay(pull)) ? 500 : 5000) });
  const pull = data?.data.find(({ modelDigest }) => modelDigest === model.digest);
  const running = underWay(pull);
  const stale = pull !== undefined && running !== (model.pull === 'pulling');
  useEffect(() => { if (stale) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'listPulls' }); }, [stale, client]);
  return pull;
}

export function PullPanel({ model }: { model: ModelDetail }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const pull = usePull(model);
  const start = useAct('startPull');
  const running = underWay(pull);
  const newest = model.versions[0]?.version === model.version;
  const begin = (): void => start.mutate({ params: { model: model.name }, body: { version: model.version } });
  const again = pull?.state === 'failed';
  return (
    <Section title="On this installation" actions={<PullBadge model={{ ...model, pull: running ? 'pulling' : model.pull }} />}>
      <MemoryNote model={model} />
      {!model.deployable ? <Text>No engine of this installation runs it, so there is nothing to pull. An administrator can register a server that runs it: <code>modelkeep engines add --help</code></Text> : null}
      {pull && again && !running ? <Ended pull={pull} /> : null}
      {pull && running ? <Progress pull={pull} /> : null}
      {model.deployable && !running && model.artifactDigest === null ? (
        <div className={styles.actions}>
          <Button appearance="primary" icon={<ArrowDownload20Regular />} disabled={!may(session, 'member') || start.isPending} onClick={begin}>{again ? 'Pull again' : `Pull${model.size === undefined ? '' : ` (${sizeOf(model)})`}`}</Button>
          {may(session, 'member') ? null : <Text>Pulling needs the role member.</Text>}
        </div>
      ) : null}
      {start.error ? <Failure error={start.error} /> : null}
      {model.deployable ? <CliLine line={`npx modelkeep pull ${model.name}${newest ? '' : ` --version ${model.version}`}`} /> : null}
    </Section>
  );
}

function MemoryNote({ model }: { model: ModelDetail }): ReactNode {
  if (model.memory.fits !== false) return <Text>Memory: {memoryOf(model)}.</Text>;
  return <MessageBar intent="warning" layout="multiline"><MessageBarBody><MessageBarTitle>It may not fit into this machine&apos;s memory.</MessageBarTitle> It needs {memoryOf(model)}. Choose a smaller context when you deploy it, or a smaller model.</MessageBarBody></MessageBar>;
}

/** The failures that pulling again does not mend, and what does. */
const remedies: Partial<Record<NonNullable<Pull['failure']>, string>> = {
  source_unreachable: 'Pull again when the server reaches it; it goes on where it stopped. A mirror is named by HF_ENDPOINT when the server starts.',
  source_refused: 'Accept the licence at the source; the operator names the credential when the server starts: HF_TOKEN_FILE=FILE modelkeep up.', pip_missing: 'The operator installs it (apt-get install python3-pip), or imports the model from another source.',
  source_not_found: 'Import a version whose manifest names a file that is there.', checksum_mismatch: 'The source has changed the file; only a manifest with another digest admits it.', disk_full: 'Make room, then pull again; it goes on where it stopped.',
  format_unsupported: 'Serve it with an engine of your own: modelkeep engines add --help.',
};

function Ended({ pull }: { pull: Pull }): ReactNode {
  const code = pull.failure ?? 'unexpected';
  if (code === 'cancelled') return <Text>The last pull was cancelled; what it had brought was removed.</Text>;
  return <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody><MessageBarTitle>The last pull failed.</MessageBarTitle> {failureCodes[code]} {remedies[code] ?? 'Pulling again goes on where it stopped.'} Code: <code>{code}</code>.</MessageBarBody></MessageBar>;
}

const steps: Record<Pull['state'], string> = { queued: 'Waiting', fetching: 'Fetching', verifying: 'Verifying', converting: 'Converting', done: 'Done', failed: 'Failed' };

function Progress({ pull }: { pull: Pull }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const cancel = useAct('cancelPull');
  const [asking, setAsking] = useState(false);
  const { receivedBytes: received, totalBytes: total, bytesPerSecond: rate, remainingSeconds: left } = pull;
  const amount = total === null ? bytes(received) : `${bytes(received)} of ${bytes(total)}, ${share(received, total)}`;
  return (
    <div className={styles.progress}>
      <ProgressBar aria-label={`Pull of ${pull.model}`} {...(total === null || pull.state !== 'fetching' ? {} : { value: received, max: total })} aria-valuetext={`${steps[pull.state]}, ${amount}`} thickness="large" />
      <div className={styles.figures}>
        <span><Text weight="semibold" aria-live="polite">{steps[pull.state]}</Text> {amount}</span>
        <Text>{rate === null ? '' : `${bytes(rate)} per second`}{left === null ? '' : `, ${duration(left * 1000)} left`}</Text>
      </div>
      <Text size={200}>It runs in the server. You can leave this page; it is here when you come back.</Text>
      {may(session, 'member') ? <div className={styles.actions}><Button icon={<Dismiss20Regular />} onClick={() => setAsking(true)}>Cancel the pull</Button></div> : null}
      <Confirm open={asking} title={`Cancel the pull of ${pull.model}?`} action="Cancel the pull" cli={`npx modelkeep pulls cancel ${pull.id}`} pending={cancel.isPending} error={cancel.error} onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate({ params: { pull: pull.id } }, { onSuccess: () => setAsking(false) })}>
        <Text block>What it has brought so far ({bytes(received)}) is removed.</Text>
      </Confirm>
    </div>
  );
}
