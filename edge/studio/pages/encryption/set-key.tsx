/** Which key at which provider, and the credential for it: kept by this page no longer than it is open. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, Field, Input, makeStyles, Radio, RadioGroup, Select, Text, tokens } from '@fluentui/react-components';
import type { ApiError, InputOf } from '../../api/call.ts';
import { useAct } from '../../api/use-operation.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { SecretInput } from '../../frame/secret-input.tsx';
import { described, filled, isComplete, providers } from './providers.ts';
import type { Provider, Setting } from './providers.ts';
import { onDeniedInWords } from '../../encryption/words.ts';
import type { CustomerKey } from '../../encryption/words.ts';

const useStyles = makeStyles({ content: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM } });
type Wanted = NonNullable<InputOf<'setCustomerKey'>['body']>;

/** It is not the key in use that was refused, but the one that was to be. */
const steps: Partial<Record<ApiError['code'], { words: string }>> = {
  customer_key_denied: { words: 'Nothing was changed. Compare each field with what the provider shows, and see whether the credential may use the key.' },
  customer_key_unreachable: { words: 'Nothing was changed. See whether the provider is up and reached from this installation, and whether its address is right.' },
};

export function SetKey({ current, onClose }: { current: CustomerKey | null; onClose: () => void }): ReactNode {
  const styles = useStyles();
  const act = useAct('setCustomerKey');
  const [provider, setProvider] = useState<Provider>(current?.settings.provider ?? 'vault');
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [onDenied, setOnDenied] = useState<CustomerKey['onDenied']>(current?.onDenied ?? 'keep');
  const { says, settings, credential } = described(provider);
  const ready = isComplete(settings, typed) && isComplete(credential, typed);
  const send = (): void => {
    const body = { settings: { provider, ...filled(settings, typed) }, ...(credential.length === 0 ? {} : { credential: filled(credential, typed) }), onDenied } as Wanted;
    act.mutate({ body }, { onSuccess: onClose });
  };
  const set = (name: string, value: string): void => setTyped({ ...typed, [name]: value });
  const field = ({ name, label, hint, optional, initial }: Setting, secret: boolean): ReactNode => {
    const value = typed[name] ?? initial ?? '';
    return <Field key={`${provider} ${name}`} label={label} required={optional !== true} hint={hint}>{secret ? <SecretInput value={value} onText={(text) => set(name, text)} /> : <Input value={value} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(_event, data) => set(name, data.value)} />}</Field>;
  };
  return (
    <Dialog open onOpenChange={(_event, { open }) => { if (!open) onClose(); }}>
      <DialogSurface>
        <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); if (ready && !act.isPending) send(); }}>
          <DialogBody>
            <DialogTitle>Use a key of your own</DialogTitle>
            <DialogContent className={styles.content}>
              <Field label="Provider" hint={says}><Select value={provider} onChange={(_event, { value }) => { setProvider(value as Provider); setTyped({}); }}>{providers.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</Select></Field>
              {settings.map((each) => field(each, false))}
              {credential.length === 0 ? null : <Text size={200}>The credential goes straight to key custody, is sealed there, and is shown by no page again.</Text>}
              {credential.map((each) => field(each, true))}
              <Field label="Once it is disabled or refused, running deployments"><RadioGroup value={onDenied} onChange={(_event, { value }) => setOnDenied(value as CustomerKey['onDenied'])}>{(['keep', 'stop'] as const).map((each) => <Radio key={each} value={each} label={onDeniedInWords[each]} />)}</RadioGroup></Field>
              <Text size={200}>It is tried before anything changes. Then every data key of the customer&apos;s layer is wrapped by it anew; files are not touched.</Text>
              <CliLine line={`npx modelkeep encryption set --provider ${provider} --help`} />
              {act.error ? <Failure error={act.error} step={steps[act.error.code]} /> : null}
            </DialogContent>
            <DialogActions><Button onClick={onClose}>Cancel</Button><Button appearance="primary" type="submit" disabled={!ready} disabledFocusable={act.isPending}>{act.isPending ? 'Trying the key' : 'Use this key'}</Button></DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
