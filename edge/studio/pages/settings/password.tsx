/** One's own password. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, Input, makeStyles, MessageBar, MessageBarBody, Text, tokens } from '@fluentui/react-components';
import { useSignedIn } from '../../api/session.ts';
import { useAct } from '../../api/use-operation.ts';
import { Failure } from '../../frame/failure.tsx';
import { count } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM, maxWidth: '440px' }, submit: { alignSelf: 'flex-start' }, quiet: { color: tokens.colorNeutralForeground2, overflowWrap: 'anywhere' } });
const least = 8;

export function PasswordSettings(): ReactNode {
  const styles = useStyles();
  const { account, hasPassword } = useSignedIn();
  const act = useAct('changePassword');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const ready = password.length >= least && password === again && !act.isPending;
  const submit = (): void => {
    act.mutate({ body: { password, ...(current === '' ? {} : { current }) } }, { onSuccess: () => { setCurrent(''); setPassword(''); setAgain(''); } });
  };
  return (
    <Section title={hasPassword ? 'Change your password' : 'Set a password'}>
      <Text as="p" block style={{ margin: 0 }}>{hasPassword ? 'Your other sessions end when it changes.' : 'Until you have one, you can sign in by links alone.'} What is stored is argon2id: nobody can read it back.</Text>
      {act.data ? <MessageBar intent="success" role="status"><MessageBarBody>The password is set.{act.data.endedSessions === 0 ? '' : ` Other sessions that ended: ${count(act.data.endedSessions)}.`}</MessageBarBody></MessageBar> : null}
      {act.error ? <Failure error={act.error} /> : null}
      <form className={styles.form} onSubmit={(event) => { event.preventDefault(); if (ready) submit(); }}>
        <input type="text" autoComplete="username" value={account?.name ?? ''} readOnly hidden />
        {hasPassword ? <Field label="Current password" hint="Leave it empty where you came by a link a moment ago"><Input type="password" value={current} onChange={(_event, { value }) => setCurrent(value)} autoComplete="current-password" maxLength={200} /></Field> : null}
        <Field label="New password" hint={`At least ${least} characters; a few words are good`} validationState={password === '' || password.length >= least ? 'none' : 'error'}><Input type="password" value={password} onChange={(_event, { value }) => setPassword(value)} autoComplete="new-password" maxLength={200} /></Field>
        <Field label="New password again" validationState={again === '' || again === password ? 'none' : 'error'} validationMessage={again === '' || again === password ? undefined : 'The two differ.'}><Input type="password" value={again} onChange={(_event, { value }) => setAgain(value)} autoComplete="new-password" maxLength={200} /></Field>
        <Text size={200} className={styles.quiet}>A password is set here alone: no command takes one, so that none ends in a shell&apos;s history. Where it is lost, an administrator makes a link: <code>npx modelkeep people link {account?.name ?? 'NAME'}</code></Text>
        <Button className={styles.submit} appearance="primary" type="submit" disabled={!ready}>{hasPassword ? 'Change it' : 'Set it'}</Button>
      </form>
    </Section>
  );
}
