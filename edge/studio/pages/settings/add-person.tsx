import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Checkbox, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, Radio, RadioGroup, tokens } from '@fluentui/react-components';
import type { Role } from '#contract/roles.ts';
import { useSignedIn } from '../../api/session.ts';
import { useAct } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import type { FreshLink } from './people.tsx';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL } });
export const roleMeans: readonly [Role, string][] = [['reader', 'Reader: sees deployments, usage and proofs'], ['member', 'Member: also deploys, makes tokens and uses models'], ['administrator', 'Administrator: also manages people']];

export function AddPerson({ open, onClose, onAdded }: { open: boolean; onClose: () => void; onAdded: (link: FreshLink) => void }): ReactNode {
  const styles = useStyles();
  const session = useSignedIn();
  const act = useAct('addPerson');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('member');
  const [everywhere, setEverywhere] = useState(false);
  const valid = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  const close = (): void => { act.reset(); setName(''); onClose(); };
  const add = (): void => act.mutate({ body: { name, role, scope: everywhere ? 'installation' : 'project' } }, { onSuccess: ({ link }) => { onAdded({ name, ...link }); setName(''); } });
  return (
    <Dialog open={open} onOpenChange={(_event, { open: next }) => { if (!next) close(); }}>
      <DialogSurface>
        <form onSubmit={(event) => { event.preventDefault(); if (valid && !act.isPending) add(); }}>
          <DialogBody>
            <DialogTitle>Add a person</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Name" hint="Lower-case letters, digits and hyphens" validationState={name === '' || valid ? 'none' : 'error'}><Input value={name} onChange={(_event, { value }) => setName(value)} autoComplete="off" autoCapitalize="none" spellCheck={false} /></Field>
              <Field label="Role"><RadioGroup value={role} onChange={(_event, { value }) => setRole(value as Role)}>{roleMeans.map(([value, label]) => <Radio key={value} value={value} label={label} />)}</RadioGroup></Field>
              {session.role === 'administrator' && session.scope === 'installation' ? <Checkbox label="In every project of the installation" checked={everywhere} onChange={(_event, { checked }) => setEverywhere(checked === true)} /> : null}
              <CliLine line={`npx modelkeep people add ${name === '' ? 'NAME' : name} ${role}${everywhere ? ' --everywhere' : ''}`} />
              {act.error ? <Failure error={act.error} /> : null}
            </DialogContent>
            <DialogActions><Button onClick={close}>Cancel</Button><Button appearance="primary" type="submit" disabled={!valid || act.isPending}>Add</Button></DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
