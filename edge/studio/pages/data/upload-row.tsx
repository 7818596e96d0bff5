/** One upload: how far it is, and what is wrong with it where it was refused. */
import type { ReactNode } from 'react';
import { Button, makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { ArrowClockwise20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { purposeInWords } from '../../files/purposes.ts';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count, share } from '../../frame/format.ts';
import { Row } from '../../frame/rows.tsx';
import { StateBadge } from '../../frame/state-badge.tsx';
import { wholeUpTo } from './parts.ts';
import { RowProblems } from './row-problems.tsx';
import { isUnderWay } from './shown-uploads.ts';
import { cancel, dismiss, retry } from './uploads.ts';
import type { Upload } from './uploads.ts';

const useStyles = makeStyles({ body: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 }, line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalXS }, figures: { fontVariantNumeric: 'tabular-nums' } });
const looks = { queued: ['neutral', 'Waiting'], sending: ['working', 'Sending'], checking: ['working', 'Checking and sealing'], waiting: ['attention', 'Connection lost'], done: ['good', 'Stored'], failed: ['bad', 'Not stored'], cancelled: ['neutral', 'Cancelled'] } as const;
const keptStep = { words: 'What has arrived is kept for a day: "Try again" goes on from there, for as long as this page is open.' };

/** `onDismiss`: it is being taken off the list, with the button that has the focus. */
export function UploadRow({ upload, onDismiss }: { upload: Upload; onDismiss: () => void }): ReactNode {
  const styles = useStyles();
  const { id, file, order, sent, stage } = upload;
  const [look, word] = looks[stage.at];
  const under = isUnderWay(upload);
  const error = stage.at === 'failed' ? stage.error : undefined;
  const amount = `${bytes(sent)} of ${bytes(file.size)}, ${share(sent, file.size)}`;
  const off = (key: string): ReactNode => <Button key={key} appearance="subtle" icon={<Dismiss20Regular />} aria-label={`Take off the list: ${file.name}`} onClick={() => { dismiss(id); onDismiss(); }} />;
  const again = <Button key="first" icon={<ArrowClockwise20Regular />} aria-label={`Try again: ${file.name}`} onClick={() => retry(id)}>Try again</Button>;
  const stop = <Button key="first" icon={<Dismiss20Regular />} aria-label={`Cancel ${file.name}`} onClick={() => cancel(id)}>Cancel</Button>;
  // One takes the place of the other, so that whoever is at it by keyboard stays there.
  const actions = under ? [stop] : stage.at === 'done' || (error && error.rows.length > 0) ? [off('first')] : [again, off('off')];
  return (
    <Row label={file.name} actions={actions} more={error ? error.rows.length > 0 ? <RowProblems name={file.name} error={error} /> : <Failure error={error} step={error.code === 'unreachable' && sent > 0 && file.size > wholeUpTo ? keptStep : undefined} /> : null}>
      <div className={styles.body}>
        <Text weight="semibold"><bdi>{file.name}</bdi></Text>
        <div className={styles.line}>
          <span role="status"><StateBadge look={look}>{word}</StateBadge></span>
          <Text size={200} className={styles.figures}>{stage.at === 'done' ? `${bytes(stage.made.bytes)}${stage.made.rows === null ? '' : `, ${count(stage.made.rows)} ${stage.made.rows === 1 ? 'row' : 'rows'}`}` : under && stage.at !== 'queued' ? amount : bytes(file.size)} · {purposeInWords(order.purpose)} · to {order.datastore ?? 'default'}</Text>
        </div>
        {under && stage.at !== 'queued' ? <ProgressBar aria-label={`Upload of ${file.name}`} {...(stage.at === 'checking' ? {} : { value: sent, max: Math.max(1, file.size) })} aria-valuetext={`${word}, ${amount}`} thickness="large" /> : null}
        {stage.at === 'waiting' ? <Text size={200}>What has arrived is kept. It is tried again by itself, for some minutes.</Text> : null}
      </div>
    </Row>
  );
}
