import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import type { FilePurpose } from '#contract/http/files.ts';
import { useAct } from '../../api/use-operation.ts';
import { purposes } from '../../files/purposes.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { RowProblems } from './row-problems.tsx';
import type { Datastore, StoredFile } from './words.ts';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM } });

/** Names data that is already in a datastore as a file. */
export function Designate({ datastore: { id, name }, onDesignated, onClose }: { datastore: Datastore; onDesignated: (file: StoredFile) => void; onClose: () => void }): ReactNode {
  const styles = useStyles();
  const act = useAct('designateFile');
  const [path, setPath] = useState('');
  const [purpose, setPurpose] = useState<FilePurpose>('fine-tune');
  const [copy, setCopy] = useState(false);
  const ready = path.trim() !== '';
  const missing = act.error?.code === 'file_not_found';
  return (
    <Dialog open onOpenChange={(_event, { open }) => { if (!open) onClose(); }}>
      <DialogSurface>
        <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (ready && !act.isPending) act.mutate({ params: { datastore: id }, body: { path: path.trim(), purpose, copy } }, { onSuccess: onDesignated }); }}>
          <DialogBody>
            <DialogTitle>Designate data in {name}</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Path" required hint="Of the file, within the datastore" {...(missing ? { validationMessage: `No file is at this path in ${name}.` } : {})}><Input value={path} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(_event, { value }) => { setPath(value); if (missing) act.reset(); }} /></Field>
              <Field label="Purpose" hint={purposes.find((each) => each.id === purpose)?.says}><Select value={purpose} onChange={(_event, { value }) => setPurpose(value as FilePurpose)}>{purposes.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}</Select></Field>
              <Checkbox label="Seal a copy here, and use that" checked={copy} onChange={(_event, { checked }) => setCopy(checked === true)} />
              <CliLine line={`npx modelkeep data designate ${name} PATH --purpose ${purpose}${copy ? ' --copy' : ''}`} />
              {act.error && !missing ? act.error.rows.length > 0 ? <RowProblems name={path} error={act.error} designated /> : <Failure error={act.error} /> : null}
            </DialogContent>
            <DialogActions><Button onClick={onClose}>Cancel</Button><Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={act.isPending}>{act.isPending ? 'Reading it' : 'Designate'}</Button></DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
