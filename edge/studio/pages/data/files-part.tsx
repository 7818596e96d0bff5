/** The project's files: what is known of each, never what is in it. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Button, Field, Link, makeStyles, MessageBar, MessageBarBody, Select, Text } from '@fluentui/react-components';
import type { FilePurpose } from '#contract/http/files.ts';
import { may, useSignedIn } from '../../api/session.ts';
import { useOperation } from '../../api/use-operation.ts';
import { purposes } from '../../files/purposes.ts';
import { CliLine } from '../../frame/code.tsx';
import { Empty } from '../../frame/empty.tsx';
import { Failure } from '../../frame/failure.tsx';
import { Section } from '../../frame/page.tsx';
import { RowsWaiting } from '../../frame/rows.tsx';
import { DeleteFile } from './delete-file.tsx';
import { FileTable } from './file-table.tsx';
import { operates } from './opening.ts';
import type { StoredFile } from './words.ts';

const useStyles = makeStyles({ filter: { maxWidth: '240px' }, words: { maxWidth: '90ch' } });
const step = 100;

export function FilesPart(): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const [purpose, setPurpose] = useState<FilePurpose>();
  const [limit, setLimit] = useState(step);
  const [deleting, setDeleting] = useState<StoredFile>();
  const [deleted, setDeleted] = useState<StoredFile>();
  const { data, error, refetch } = useOperation('listFiles', { query: { purpose, limit } }, { pollMs: 15_000, keep: true });
  const files = (data?.data ?? []).filter(({ id }) => id !== deleted?.id);
  return (
    <Section title="Files">
      <Field className={styles.filter} label="Show"><Select value={purpose ?? ''} onChange={(_event, { value }) => setPurpose(value === '' ? undefined : value as FilePurpose)}><option value="">Every purpose</option>{purposes.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</Select></Field>
      {operates(session) ? <Text className={styles.words}>You administer the installation: you see which files there are and may delete them, and open those that you uploaded yourself. The content of the others is for those who work in {session.project}.</Text> : null}
      {may(session, 'member') ? null : <Text className={styles.words}>Your role reads: you see which files there are. Uploading, opening and deleting them needs the role member.</Text>}
      {deleted ? <MessageBar intent="success" layout="multiline" role="status"><MessageBarBody><bdi>{deleted.filename}</bdi> was deleted. <RouterLink href={`/deletions/${deleted.id}`} asChild><Link inline>The certificate of its deletion</Link></RouterLink></MessageBarBody></MessageBar> : null}
      {error ? <Failure error={error} onRetry={() => { void refetch(); }} /> : null}
      {!data && !error ? <RowsWaiting label="Loading files" /> : null}
      {data && files.length === 0 ? <Empty title={purpose === undefined ? 'No files' : 'No files of this purpose'}>{may(session, 'member') ? 'Drop one above. It is sealed while it arrives, and only those who work in this project can open it.' : 'Nobody has uploaded one to this project yet.'}</Empty> : null}
      {files.length === 0 ? null : <FileTable files={files} onDelete={setDeleting} />}
      {data?.has_more ? <div><Button onClick={() => setLimit(limit + step)}>Show more</Button></div> : null}
      <RouterLink href="/ledger?kind=file.deleted" asChild><Link inline style={{ alignSelf: 'flex-start' }}>Earlier deletions, with their certificates</Link></RouterLink>
      <CliLine line={`npx modelkeep data list${purpose === undefined ? '' : ` --purpose ${purpose}`}`} />
      {deleting ? <DeleteFile file={deleting} onClose={() => setDeleting(undefined)} onDeleted={() => { setDeleted(deleting); setDeleting(undefined); }} /> : null}
    </Section>
  );
}
