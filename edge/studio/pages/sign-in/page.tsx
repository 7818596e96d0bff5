/** Signing in: by a link that works once, or by name and password. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button, Field, Input, makeStyles, Spinner, Text, Title2, tokens } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import type { InputOf } from '../../api/call.ts';
import { actWith } from '../../api/session-headers.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';

const useStyles = makeStyles({
  whole: { minHeight: '100dvh', display: 'grid', placeItems: 'center', padding: tokens.spacingHorizontalL, boxSizing: 'border-box' },
  box: { width: '100%', maxWidth: '420px', boxSizing: 'border-box', display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, padding: tokens.spacingHorizontalXXL, borderRadius: tokens.borderRadiusXLarge, backgroundColor: tokens.colorNeutralBackground1, boxShadow: tokens.shadow8 },
  brand: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM }, form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM }, quiet: { color: tokens.colorNeutralForeground2 },
});

/** Read once, when the page's code comes, and taken out of the address before anything else happens: it works once, and stays in no history. */
const codeOfLink = /^#(mk-sl-[\w-]{43})$/.exec(window.location.hash)?.[1];
if (window.location.hash !== '') window.history.replaceState(null, '', window.location.pathname);
/** The code is sent once, however often the page is drawn. */
let arriving: Promise<void> | undefined;

export default function SignInPage(): ReactNode {
  const styles = useStyles();
  const [failure, setFailure] = useState<Error>();
  const [following, setFollowing] = useState(codeOfLink !== undefined);
  const enter = useEnter();
  useEffect(() => {
    document.title = 'Sign in · Modelkeep';
    if (codeOfLink === undefined) return;
    arriving ??= enter({ method: 'link', code: codeOfLink });
    arriving.catch((error: unknown) => { setFailure(error as Error); setFollowing(false); });
  }, [enter]);
  return (
    <main className={styles.whole}>
      <div className={styles.box}>
        <div className={styles.brand}><img src="/studio/icon.svg" alt="" width="40" height="40" /><Title2 as="h1">Modelkeep Studio</Title2></div>
        {failure ? <Failure error={failure} /> : null}
        {following ? <Spinner label="Signing in by the link" /> : <><PasswordForm onEnter={enter} onFailure={setFailure} /><Text className={styles.quiet}>No password yet, or lost it? An administrator makes a link that works once; on the machine itself so does this:</Text><CliLine line="npx modelkeep studio" /></>}
      </div>
    </main>
  );
}

function useEnter(): (how: NonNullable<InputOf<'signIn'>['body']>) => Promise<void> {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [enter] = useState(() => async (how: NonNullable<InputOf<'signIn'>['body']>): Promise<void> => {
    const session = await call('signIn', { body: how });
    actWith(session);
    client.clear();
    client.setQueryData(['showSession'], session);
    navigate('/catalog', { replace: true });
  });
  return enter;
}

function PasswordForm({ onEnter, onFailure }: { onEnter: ReturnType<typeof useEnter>; onFailure: (error: Error | undefined) => void }): ReactNode {
  const styles = useStyles();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    onFailure(undefined);
    try { await onEnter({ method: 'password', name, password }); } catch (error) { onFailure(error as Error); setPassword(''); } finally { setBusy(false); }
  };
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <Field label="Name"><Input value={name} autoComplete="username" autoFocus onChange={(_event, { value }) => setName(value)} /></Field>
      <Field label="Password"><Input type="password" value={password} autoComplete="current-password" onChange={(_event, { value }) => setPassword(value)} /></Field>
      <Button type="submit" appearance="primary" disabledFocusable={busy || name === '' || password === ''}>{busy ? 'Signing in' : 'Sign in'}</Button>
    </form>
  );
}
