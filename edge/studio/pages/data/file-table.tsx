import type { ReactNode } from 'react';
import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { ArrowDownload20Regular, Delete20Regular, Dismiss20Regular } from '@fluentui/react-icons';
import { may, useSignedIn } from '../../api/session.ts';
import { purposeInWords } from '../../files/purposes.ts';
import { Digest } from '../../frame/digest.tsx';
import { Failure } from '../../frame/failure.tsx';
import { bytes, count, share } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { isOwn, mayOpen } from './opening.ts';
import { useDownload } from './use-download.ts';
import { atOf } from './words.ts';
import type { StoredFile } from './words.ts';

const wide = '@media (max-width: 1299px)';
const middle = '@media (max-width: 799px)';
const useStyles = makeStyles({
  scroll: { overflowX: 'auto', minWidth: 0 }, table: { borderCollapse: 'collapse', width: '100%' },
  cell: { textAlign: 'start', verticalAlign: 'top', padding: tokens.spacingHorizontalS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, fontWeight: tokens.fontWeightRegular },
  heading: { fontWeight: tokens.fontWeightSemibold }, long: { overflowWrap: 'anywhere', minWidth: '140px' }, number: { textAlign: 'end', fontVariantNumeric: 'tabular-nums' }, whole: { whiteSpace: 'nowrap' },
  inWide: { [wide]: { display: 'none' } }, inMiddle: { [middle]: { display: 'none' } }, outOfWide: { display: 'none', [wide]: { display: 'block' } }, outOfMiddle: { display: 'none', [middle]: { display: 'block' } },
  actions: { display: 'flex', justifyContent: 'flex-end', gap: tokens.spacingHorizontalXS }, quiet: { color: tokens.colorNeutralForeground2 },
});

export function FileTable({ files, onDelete }: { files: readonly StoredFile[]; onDelete: (file: StoredFile) => void }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const head = (title: string, ...more: (string | undefined)[]): ReactNode => <th scope="col" className={mergeClasses(styles.cell, styles.heading, ...more)}>{title}</th>;
  return (
    <div className={styles.scroll}>
      <table className={styles.table} aria-label="Files">
        <thead><tr>{head('Name')}{head('Purpose', styles.inMiddle)}{head('Rows', styles.number, styles.whole, styles.inWide)}{head('Size', styles.number, styles.whole, styles.inMiddle)}{head('Lies in', styles.inWide)}{head('Uploaded', styles.inMiddle)}{may(session, 'member') ? head('Actions', styles.number) : null}</tr></thead>
        <tbody>{files.map((file) => <FileRow key={file.id} file={file} onDelete={() => onDelete(file)} />)}</tbody>
      </table>
    </div>
  );
}

function FileRow({ file, onDelete }: { file: StoredFile; onDelete: () => void }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const { received, error, start, stop } = useDownload(file);
  const { id, filename, purpose, rows, datastore, geography, storage, created_at, created_by } = file;
  const by = isOwn(session, created_by) ? 'by you' : <>by <Digest value={created_by} what={`id of who uploaded ${filename}`} /></>;
  const place = `${datastore}, ${geography}${storage === 'designated' ? ', not sealed: read where it is' : ''}`;
  const rowed = rows === null ? '–' : count(rows);
  return (
    <tr>
      <th scope="row" className={mergeClasses(styles.cell, styles.long)}>
        <Text block weight="semibold"><bdi>{filename}</bdi></Text>
        <Digest value={id} what={`id of ${filename}`} />
        <Text block size={200} className={mergeClasses(styles.quiet, styles.outOfWide)}>{place}{rows === null ? '' : `, ${rowed} ${rows === 1 ? 'row' : 'rows'}`}</Text>
        <Text block size={200} className={mergeClasses(styles.quiet, styles.outOfMiddle)}>{purposeInWords(purpose)}, {bytes(file.bytes)}, <Moment at={atOf(created_at)} /></Text>
        {received === undefined ? null : <Text block size={200} role="status">Receiving: {share(received, file.bytes)}</Text>}
        {error ? <Failure error={error} /> : null}
      </th>
      <td className={mergeClasses(styles.cell, styles.whole, styles.inMiddle)}>{purposeInWords(purpose)}</td>
      <td className={mergeClasses(styles.cell, styles.number, styles.whole, styles.inWide)}>{rowed}</td>
      <td className={mergeClasses(styles.cell, styles.number, styles.whole, styles.inMiddle)}>{bytes(file.bytes)}</td>
      <td className={mergeClasses(styles.cell, styles.long, styles.inWide)}>{place}</td>
      <td className={mergeClasses(styles.cell, styles.inMiddle)}><Moment at={atOf(created_at)} /> {by}</td>
      {may(session, 'member') ? (
        <td className={styles.cell}>
          <div className={styles.actions}>
            {received === undefined && mayOpen(session, created_by) ? <Button appearance="subtle" icon={<ArrowDownload20Regular />} aria-label={`Download ${filename}`} onClick={start} /> : null}
            {received === undefined ? null : <Button appearance="subtle" icon={<Dismiss20Regular />} aria-label={`Stop the download of ${filename}`} onClick={stop} />}
            <Button appearance="subtle" icon={<Delete20Regular />} aria-label={`Delete ${filename}`} onClick={onDelete} />
          </div>
        </td>
      ) : null}
    </tr>
  );
}
