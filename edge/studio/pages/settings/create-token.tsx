import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, Select, tokens } from '@fluentui/react-components';
import { useAct } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL } });
const lives: readonly [days: string, label: string][] = [['30', '30 days'], ['90', '90 days'], ['365', 'A year'], ['', 'Until it is revoked']];

export function CreateToken({ open, onClose, onCreated }: { open: boolean; onClose: () => void; onCreated: (made: { name: string; token: string }) => void }): ReactNode {
  const styles = useStyles();
  const act = useAct('createToken');
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const valid = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  const close = (): void => { act.reset(); setName(''); onClose(); };
  const create = (): void => act.mutate({ body: { name, ...(days === '' ? {} : { expiresInDays: Number(days) }) } }, { onSuccess: ({ token }) => { onCreated({ name, token }); setName(''); act.reset(); } });
  return (
    <Dialog open={open} onOpenChange={(_event, { open: next }) => { if (!next) close(); }}>
      <DialogSurface>
        <form onSubmit={(event) => { event.preventDefault(); if (valid && !act.isPending) create(); }}>
          <DialogBody>
            <DialogTitle>Create a token</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Name" hint="What will use it: lower-case letters, digits and hyphens" validationState={name === '' || valid ? 'none' : 'error'}><Input value={name} onChange={(_event, { value }) => setName(value)} autoComplete="off" autoCapitalize="none" spellCheck={false} /></Field>
              <Field label="Expires after"><Select value={days} onChange={(_event, { value }) => setDays(value)}>{lives.map(([value, label]) => <option key={value} value={value}>{label}</option>)}</Select></Field>
              <CliLine line={`npx modelkeep tokens create ${name === '' ? 'NAME' : name}${days === '' ? '' : ` --expires-in-days ${days}`}`} />
              {act.error ? <Failure error={act.error} /> : null}
            </DialogContent>
            <DialogActions><Button onClick={close}>Cancel</Button><Button appearance="primary" type="submit" disabled={!valid || act.isPending}>Create</Button></DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
