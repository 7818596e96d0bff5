import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, Radio, RadioGroup, Select, Text, tokens } from '@fluentui/react-components';
import type { InputOf } from '../../api/call.ts';
import { useAct } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { SecretInput } from '../../frame/secret-input.tsx';

type Wanted = NonNullable<InputOf<'createDatastore'>['body']>;
interface Typed { name: string; use: Wanted['use']; kind: Wanted['place']['kind']; path: string; endpoint: string; region: string; bucket: string; prefix: string; accessKeyId: string; secretAccessKey: string; sessionToken: string }
const nothing: Typed = { name: '', use: 'sealed', kind: 's3', path: '', endpoint: '', region: 'us-east-1', bucket: '', prefix: '', accessKeyId: '', secretAccessKey: '', sessionToken: '' };
const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM }, pair: { display: 'grid', gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 200px), 1fr))', gap: tokens.spacingHorizontalM } });

function bodyOf({ name, use, kind, path, endpoint, region, bucket, prefix, accessKeyId, secretAccessKey, sessionToken }: Typed): Wanted {
  if (kind === 'filesystem') return { name, use, place: { kind, path: use === 'designated' ? path : null } };
  const credential = accessKeyId === '' ? {} : { credential: { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) } };
  return { name, use, place: { kind, endpoint, region, bucket, prefix }, ...credential };
}

export function AddDatastore({ onClose }: { onClose: () => void }): ReactNode {
  const styles = useStyles();
  const act = useAct('createDatastore');
  const [typed, setTyped] = useState(nothing);
  const set = (change: Partial<Typed>): void => setTyped({ ...typed, ...change });
  const { name, use, kind } = typed;
  const nameFits = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name);
  const ready = nameFits && (kind === 's3' ? typed.endpoint !== '' && typed.region !== '' && typed.bucket !== '' && (typed.accessKeyId === '') === (typed.secretAccessKey === '') : use === 'sealed' || typed.path.startsWith('/'));
  const field = (of: keyof Typed, label: string, hint?: string): ReactNode => <Field label={label} required={of !== 'prefix'} {...(hint === undefined ? {} : { hint })}><Input value={typed[of]} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(_event, { value }) => set({ [of]: value })} /></Field>;
  const secret = (of: keyof Typed, label: string, hint?: string): ReactNode => <Field label={label} {...(hint === undefined ? {} : { hint })}><SecretInput value={typed[of]} onText={(value) => set({ [of]: value })} /></Field>;
  return (
    <Dialog open onOpenChange={(_event, { open }) => { if (!open) onClose(); }}>
      <DialogSurface>
        <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (ready && !act.isPending) act.mutate({ body: bodyOf(typed) }, { onSuccess: onClose }); }}>
          <DialogBody>
            <DialogTitle>Add a datastore</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Name" required hint="Lower-case letters, digits and hyphens" validationState={name === '' || nameFits ? 'none' : 'error'}><Input value={name} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(_event, { value }) => set({ name: value })} /></Field>
              <Field label="For"><RadioGroup value={use} onChange={(_event, { value }) => set({ use: value as Wanted['use'] })}><Radio value="sealed" label="Uploads: sealed before they are sent there" /><Radio value="designated" label="Data that is there already: read where it is, never copied unless you ask" /></RadioGroup></Field>
              <Field label="Kind"><Select value={kind} onChange={(_event, { value }) => set({ kind: value as Typed['kind'] })}><option value="s3">S3, or a store that speaks it</option><option value="filesystem">{use === 'sealed' ? 'This installation\'s own disk' : 'A folder of this machine'}</option></Select></Field>
              {kind === 'filesystem' && use === 'designated' ? field('path', 'Folder', 'Below one that the operator has opened for this') : null}
              {kind === 's3' ? (
                <>
                  {field('endpoint', 'Endpoint', 'Such as https://s3.eu-central-1.amazonaws.com')}
                  <div className={styles.pair}>{field('region', 'Region')}{field('bucket', 'Bucket')}</div>
                  {field('prefix', 'Prefix', 'Only what is below it; empty for the whole bucket')}
                  <Text size={200}>The credential goes straight to key custody, is sealed there, and is shown by no page again.</Text>
                  {secret('accessKeyId', 'Access key id')}{secret('secretAccessKey', 'Secret access key')}{secret('sessionToken', 'Session token', 'Only with temporary credentials')}
                </>
              ) : null}
              <CliLine line={`npx modelkeep datastores add ${name === '' ? 'NAME' : name} --help`} />
              {act.error ? <Failure error={act.error} /> : null}
            </DialogContent>
            <DialogActions><Button onClick={onClose}>Cancel</Button><Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={act.isPending}>{act.isPending ? 'Trying it' : 'Add'}</Button></DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
