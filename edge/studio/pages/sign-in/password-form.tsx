import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Field, Input, makeStyles, tokens } from '@fluentui/react-components';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalM }, submit: { alignSelf: 'flex-start' } });

export function PasswordForm({ onSubmit }: { onSubmit: (name: string, password: string) => void }): ReactNode {
  const styles = useStyles();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); onSubmit(name.trim(), password); }}>
      <Field label="Name"><Input value={name} onChange={(_event, { value }) => setName(value)} autoComplete="username" autoCapitalize="none" spellCheck={false} maxLength={63} /></Field>
      <Field label="Password"><Input type="password" value={password} onChange={(_event, { value }) => setPassword(value)} autoComplete="current-password" maxLength={200} /></Field>
      <Button className={styles.submit} appearance="primary" type="submit" disabled={name.trim() === '' || password === ''}>Sign in</Button>
    </form>
  );
}
