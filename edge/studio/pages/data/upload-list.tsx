/** The uploads of the project, and what can be done with many of them at once. */
import { useRef } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, Text, tokens } from '@fluentui/react-components';
import { count } from '../../frame/format.ts';
import { Rows } from '../../frame/rows.tsx';
import { isUnderWay, shownOf, togetherInWords } from './shown-uploads.ts';
import { UploadRow } from './upload-row.tsx';
import { cancel, dismiss } from './uploads.ts';
import type { Upload } from './uploads.ts';

const useStyles = makeStyles({
  list: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, minWidth: 0, outlineStyle: 'none', ':empty': { marginTop: `calc(-1 * ${tokens.spacingVerticalM})` } },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'space-between', gap: tokens.spacingHorizontalM, fontVariantNumeric: 'tabular-nums' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS }, quiet: { color: tokens.colorNeutralForeground2 },
});

export function UploadList({ uploads }: { uploads: readonly Upload[] }): ReactNode {
  const styles = useStyles();
  const list = useRef<HTMLDivElement>(null);
  // Focus would fall out of the page with a row that is taken away.
  const stay = (): void => list.current?.focus({ preventScroll: true });
  const { rows, stored, waiting } = shownOf(uploads);
  const underWay = uploads.filter(isUnderWay);
  const done = uploads.filter(({ stage }) => stage.at === 'done');
  const more = [stored > 0 ? `${count(stored)} more are stored` : '', waiting > 0 ? `${count(waiting)} more are waiting` : ''].filter((words) => words !== '');
  return (
    <div ref={list} className={styles.list} role="group" aria-label="Uploads of this page" tabIndex={-1}>
      {uploads.length < 2 ? null : (
        <div className={styles.head}>
          <Text weight="semibold">{togetherInWords(uploads, count)}</Text>
          <div className={styles.actions}>
            {underWay.length < 2 ? null : <Button onClick={() => { for (const { id } of underWay.toReversed()) cancel(id); stay(); }}>Cancel all</Button>}
            {done.length < 2 ? null : <Button onClick={() => { for (const { id } of done) dismiss(id); stay(); }}>Take those stored off the list</Button>}
          </div>
        </div>
      )}
      {rows.length === 0 ? null : <Rows label="Uploads">{rows.map((upload) => <UploadRow key={upload.id} upload={upload} onDismiss={stay} />)}</Rows>}
      {more.length === 0 ? null : <Text className={styles.quiet}>{more.join(', ')}.</Text>}
    </div>
  );
}
