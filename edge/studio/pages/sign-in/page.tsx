/** The way in: by a link that works once, or by name and password. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, Spinner, Text, Title2, tokens } from '@fluentui/react-components';
import { ApiError, call } from '../../api/call.ts';
import type { InputOf } from '../../api/call.ts';
import { CliLine } from '../../frame/code.tsx';
import { Failure } from '../../frame/failure.tsx';
import { onCode, takeCode } from './link-code.ts';
import { PasswordForm } from './password-form.tsx';

const useStyles = makeStyles({
  whole: { minHeight: '100dvh', boxSizing: 'border-box', display: 'flex', alignItems: 'center', justifyContent: 'center', padding: tokens.spacingHorizontalL },
  card: {
    display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, width: '100%', maxWidth: '440px', boxSizing: 'border-box', padding: tokens.spacingHorizontalXXL, borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  head: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalM },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  quiet: { color: tokens.colorNeutralForeground2 },
});

type Proof = NonNullable<InputOf<'signIn'>['body']>;
/** `asking`: somebody is signed in here already, and a link must not change that behind their back. */
type Step = { at: 'form' } | { at: 'working' } | { at: 'asking'; code: string; name: string };

export default function SignInPage(): ReactNode {
  const styles = useStyles();
  const [step, setStep] = useState<Step>({ at: 'form' });
  const [error, setError] = useState<Error>();
  const enter = useEnter(setStep, setError);
  useLink(enter, setStep, setError);
  useEffect(() => { document.title = 'Sign in · Modelkeep'; }, []);
  return (
    <main id="main" className={styles.whole}>
      <div className={styles.card}>
        <div className={styles.head}><img src="/studio/icon.svg" alt="" width="32" height="32" /><Title2 as="h1">Sign in to Modelkeep</Title2></div>
        {error ? <Failure error={error} /> : null}
        {step.at === 'working' ? <Spinner label="Signing in" /> : null}
        {step.at === 'asking' ? (
          <>
            <Text>You are signed in as <strong>{step.name}</strong>. This link signs somebody in instead, perhaps somebody else.</Text>
            <div className={styles.actions}><Button appearance="primary" onClick={() => { void enter({ method: 'link', code: step.code }); }}>Use the link</Button><Button onClick={() => { window.location.assign('/studio/'); }}>Stay signed in</Button></div>
          </>
        ) : null}
        {step.at === 'form' ? (
          <>
            <PasswordForm onSubmit={(name, password) => { void enter({ method: 'password', name, password }); }} />
            <Text size={200} className={styles.quiet}>No password yet, or lost it? Whoever runs this installation, or an administrator of your project, gives you a link that works once.</Text>
            <CliLine line="npx modelkeep studio" label="A link for yourself, on the machine of the installation" />
          </>
        ) : null}
      </div>
    </main>
  );
}

/** Signs in, and opens the studio with nothing left of whoever was signed in before. */
function useEnter(setStep: (step: Step) => void, setError: (error: Error | undefined) => void): (body: Proof) => Promise<void> {
  return useCallback(async (body) => {
    setError(undefined);
    setStep({ at: 'working' });
    try {
      await call('signIn', { body });
      // Loaded anew: nothing that this page's memory holds of whoever was signed in before, such as keys just shown, is there for the next.
      window.location.replace('/studio/catalog');
    } catch (failed) {
      setError(failed as Error);
      setStep({ at: 'form' });
    }
  }, [setError, setStep]);
}

/** A link's code is used as soon as it is there, unless somebody is signed in. */
function useLink(enter: (body: Proof) => Promise<void>, setStep: (step: Step) => void, setError: (error: Error) => void): void {
  const latest = useRef(enter);
  latest.current = enter;
  useEffect(() => {
    const use = async (): Promise<void> => {
      const code = takeCode();
      if (code === undefined) return;
      setStep({ at: 'working' });
      const current = await call('showSession').catch((failed: unknown) => failed as Error);
      // Only who is told so is nobody: while the server cannot say, a link changes nothing.
      if (current instanceof Error && !(current instanceof ApiError && current.status === 401)) { setError(current); setStep({ at: 'form' }); return; }
      if (!(current instanceof Error)) setStep({ at: 'asking', code, name: current.account?.name ?? current.kind }); else await latest.current({ method: 'link', code });
    };
    void use();
    return onCode(() => { void use(); });
  }, [setStep, setError]);
}
