/** A receipt as a file, with the bytes that it is about if there are any: read into this page and sent nowhere. */
import { useState } from 'react';
import type { DragEvent, ReactNode } from 'react';
import { Button, Field, makeStyles, mergeClasses, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components';
import { ShieldCheckmark20Regular } from '@fluentui/react-icons';
import { checkFile } from '../../exchange/verified-receipt.ts';
import { CliLine } from '../../frame/code.tsx';
import { bytes as size } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';
import { ReceiptPanel } from '../../receipt/receipt-panel.tsx';
import type { ReceiptState } from '../../receipt/receipt-panel.tsx';
import { idIn, partOf, quoted } from './files.ts';
import type { Part } from './files.ts';

const useStyles = makeStyles({
  zone: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 260px), 1fr))', gap: tokens.spacingHorizontalM, padding: tokens.spacingHorizontalM, border: `2px dashed ${tokens.colorNeutralStroke1}`, borderRadius: tokens.borderRadiusLarge },
  over: { backgroundColor: tokens.colorNeutralBackground1Hover, border: `2px dashed ${tokens.colorBrandStroke1}` },
  input: { maxWidth: '100%', color: tokens.colorNeutralForeground1 }, quiet: { color: tokens.colorNeutralForeground2 },
});
interface Brought { name: string; bytes: Uint8Array }
const fields: Record<Part, { label: string; hint: string }> = {
  receipt: { label: 'Receipt file', hint: 'As "receipts get" or this studio wrote it' },
  prompt: { label: 'Bytes that were sent', hint: 'The body of the request; not needed to check the signatures' },
  response: { label: 'Bytes that came', hint: 'The body of the answer, a stream with its frames' },
};
/** Larger than any body that the gateway takes or gives. */
const most = 64 << 20;

export function CheckFiles(): ReactNode {
  const styles = useStyles();
  const [files, setFiles] = useState<Partial<Record<Part, Brought>>>({});
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [found, setFound] = useState<ReceiptState>();
  const put = async (list: readonly File[], chosen?: Part): Promise<void> => {
    setProblem(undefined);
    setFound(undefined);
    for (const file of list) {
      if (file.size > most) { setProblem(`${file.name} is larger than ${size(most)}: no body of a request or answer is.`); continue; }
      const brought = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
      const part = chosen ?? partOf(brought.name, brought.bytes);
      if (part === undefined) setProblem(`Whether ${file.name} was sent or came, its name does not tell. Choose it in its field.`); else setFiles((had) => ({ ...had, [part]: brought }));
    }
  };
  const drop = (event: DragEvent): void => { event.preventDefault(); setOver(false); void put([...event.dataTransfer.files]); };
  const { receipt, prompt, response } = files;
  const run = (): void => {
    if (!receipt) return;
    const bodies = { prompt: prompt?.bytes, response: response?.bytes };
    setFound({});
    checkFile({ file: receipt.bytes, ...bodies }, (checks) => setFound({ checking: { step: 'checking', checks } }))
      .then((checked) => setFound({ checked: { id: idIn(receipt.bytes), ...checked }, bodies, open: true }), (error: unknown) => setFound({ error: error as Error }));
  };
  return (
    <Section title="Check a file">
      <Text className={styles.quiet}>Drop the files here, or choose them. They are read into this page, sent nowhere, and gone with it.</Text>
      <div className={mergeClasses(styles.zone, over && styles.over)} role="group" aria-label="Files to check" onDragOver={(event) => { event.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
        {(Object.keys(fields) as Part[]).map((part) => (
          <Field key={part} label={fields[part].label} hint={files[part] ? `${files[part].name}, ${size(files[part].bytes.length)}` : fields[part].hint}>
            {(control) => <input {...control} className={styles.input} type="file" autoComplete="off" onChange={({ currentTarget }) => { void put([...currentTarget.files ?? []], part); }} />}
          </Field>
        ))}
      </div>
      {problem === undefined ? null : <MessageBar intent="warning" layout="multiline" role="alert"><MessageBarBody>{problem}</MessageBarBody></MessageBar>}
      <div><Button appearance="primary" icon={<ShieldCheckmark20Regular />} disabledFocusable={!receipt} onClick={run}>Check</Button></div>
      {found ? <ReceiptPanel key={found.checked ? 'checked' : 'none'} {...found} /> : null}
      <CliLine line={`npx modelkeep-verify receipt ${quoted(receipt?.name ?? 'receipt.json')}${prompt ? ` --prompt ${quoted(prompt.name)}` : ''}${response ? ` --response ${quoted(response.name)}` : ''} --key ledger.key`} />
    </Section>
  );
}
