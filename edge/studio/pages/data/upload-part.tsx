/** Where files are dropped or chosen, and how each of them is doing. */
import { useEffect, useRef, useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { Button, Field, makeStyles, mergeClasses, MessageBar, MessageBarBody, Select, Text, tokens } from '@fluentui/react-components';
import { ArrowUpload20Regular } from '@fluentui/react-icons';
import { useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { FilePurpose } from '#contract/http/files.ts';
import { useSignedIn } from '../../api/session.ts';
import { purposes } from '../../files/purposes.ts';
import { CliLine } from '../../frame/code.tsx';
import { bytes } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { mostBytes } from './parts.ts';
import { UploadList } from './upload-list.tsx';
import { add, useUploads } from './uploads.ts';
import type { Datastore } from './words.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 240px), 1fr))', gap: tokens.spacingHorizontalM, alignItems: 'start', maxWidth: '720px' },
  zone: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', justifyContent: 'center', gap: tokens.spacingHorizontalM, minHeight: '96px', padding: tokens.spacingHorizontalM, border: `2px dashed ${tokens.colorNeutralStrokeAccessible}`, borderRadius: tokens.borderRadiusLarge, textAlign: 'center' },
  over: { backgroundColor: tokens.colorNeutralBackground1Hover, border: `2px dashed ${tokens.colorBrandStroke1}` },
  quiet: { color: tokens.colorNeutralForeground2, maxWidth: '90ch' },
});

/** One reading serves every upload that ends within a second. */
let reading: ReturnType<typeof setTimeout> | undefined;
function readAgain(client: QueryClient): void {
  reading ??= setTimeout(() => { reading = undefined; void client.invalidateQueries(); }, 1000);
}

/** `datastores`: those that uploads can go to. */
export function UploadPart({ datastores }: { datastores: readonly Datastore[] }): ReactNode {
  const styles = useStyles();
  const { project } = useSignedIn();
  const client = useQueryClient();
  const [purpose, setPurpose] = useState<FilePurpose>('fine-tune');
  const [chosen, setDatastore] = useState<string>();
  const [problems, setProblems] = useState<readonly string[]>([]);
  const uploads = useUploads(project);
  const datastore = datastores.find(({ name }) => name === chosen) ?? datastores.find((each) => each.default) ?? datastores[0];
  const put = (files: readonly File[], folders: readonly string[] = []): void => {
    const refused = files.filter(({ size }) => size > mostBytes);
    setProblems([...folders.map((name) => `${name} is a folder, and was not taken: open it, and drop the files in it.`), ...refused.map(({ name }) => `${name} is larger than ${bytes(mostBytes)}, which is the most.`)]);
    add(files.filter((file) => !refused.includes(file)), { project, purpose, datastore: datastore?.name }, () => readAgain(client));
  };
  return (
    <Section title="Upload">
      <div className={styles.fields}>
        <Field label="Purpose"><Select value={purpose} onChange={(_event, { value }) => setPurpose(value as FilePurpose)}>{purposes.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</Select></Field>
        <Field label="Datastore" hint={datastore ? `Lies in ${datastore.geography}` : undefined}><Select value={datastore?.name ?? ''} onChange={(_event, { value }) => setDatastore(value)}>{datastores.map(({ id, name }) => <option key={id} value={name}>{name}</option>)}</Select></Field>
      </div>
      <Text className={styles.quiet}>{purposes.find(({ id }) => id === purpose)?.says} Each file is sealed in two layers while it arrives. Its name is shown to everybody in the project; its content to those who work in it.</Text>
      <Zone onFiles={put} />
      {problems.map((problem) => <MessageBar key={problem} intent="warning" layout="multiline" role="alert"><MessageBarBody>{problem}</MessageBarBody></MessageBar>)}
      <UploadList uploads={uploads} />
      <CliLine line={`npx modelkeep data upload FILE --purpose ${purpose}${datastore && !datastore.default ? ` --datastore ${datastore.name}` : ''}`} />
    </Section>
  );
}

function Zone({ onFiles }: { onFiles: (files: readonly File[], folders: readonly string[]) => void }): ReactNode {
  const styles = useStyles();
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useStayingHere();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const dropped = [...event.dataTransfer.items].filter(({ kind }) => kind === 'file').map((item) => ({ file: item.getAsFile(), folder: item.webkitGetAsEntry()?.isDirectory === true }));
    onFiles(dropped.flatMap(({ file, folder }) => (file && !folder ? [file] : [])), dropped.flatMap(({ file, folder }) => (file && folder ? [file.name] : [])));
  };
  return (
    <div className={mergeClasses(styles.zone, over && styles.over)} role="group" aria-label="Files to upload" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={({ currentTarget, relatedTarget }) => { if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false); }} onDrop={drop}>
      <Text>Drop files here, or</Text>
      <Button appearance="primary" icon={<ArrowUpload20Regular />} onClick={() => input.current?.click()}>Choose files</Button>
      <input ref={input} hidden multiple type="file" aria-label="Files" autoComplete="off" onChange={({ currentTarget }) => {
        onFiles([...currentTarget.files ?? []], []);
        // The same file can be chosen again.
        currentTarget.value = '';
      }} />
    </div>
  );
}

/** A file that is dropped beside the zone would be opened by the browser in place of the studio, and end what is under way. */
function useStayingHere(): void {
  useEffect(() => {
    const refuse = (event: globalThis.DragEvent): void => {
      if (event.defaultPrevented || event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'none';
    };
    for (const kind of ['dragover', 'drop'] as const) window.addEventListener(kind, refuse);
    return () => { for (const kind of ['dragover', 'drop'] as const) window.removeEventListener(kind, refuse); };
  }, []);
}
