/** Three short steps, each with what is usual filled in. */
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button, makeStyles, mergeClasses, Spinner, tokens, typographyStyles } from '@fluentui/react-components';
import { useOperation } from '../../api/use-operation.ts';
import { KeysDialog } from '../../deployments/keys-dialog.tsx';
import { typed, usualLimits } from '../../deployments/limits.ts';
import { problemOf, suggestedName } from '../../deployments/name.ts';
import { rememberKey } from '../../deployments/new-keys.ts';
import { Failure } from '../../frame/failure.tsx';
import { Section } from '../../frame/page.tsx';
import { needsPull, placeIsSound } from './choice.ts';
import type { Choice, Engine, Model } from './choice.ts';
import { draftOf } from './drafts.ts';
import { NameField } from './model-step.tsx';
import { PlaceStep } from './place-step.tsx';
import { PullProgress, ReviewStep } from './review-step.tsx';
import { ended, useDeploying } from './use-deploying.ts';
import type { Deploying, Pull } from './use-deploying.ts';

const titles = ['Model and name', 'Isolation and limits', 'Review'] as const;
const useStyles = makeStyles({
  steps: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalL, listStyleType: 'none', margin: 0, padding: 0, color: tokens.colorNeutralForeground2 },
  current: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold, boxShadow: `inset 0 -2px 0 ${tokens.colorBrandStroke1}` },
  heading: { ...typographyStyles.subtitle2, margin: 0, outlineStyle: 'none' },
  form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL, maxWidth: '800px' },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, alignItems: 'center' },
});

interface Given { model: Model; version: string | undefined; engines: readonly Engine[]; taken: readonly string[]; pick: ReactNode }

export function Wizard({ model, version, engines, taken, pick }: Given): ReactNode {
  const styles = useStyles();
  const [step, setStep] = useState(() => (draftOf({ model, version }) ? 2 : 0));
  const [chosen, setChosen] = useState<Omit<Choice, 'model' | 'version'>>(() => draftOf({ model, version })?.chosen ?? ({ name: suggestedName(model.name, taken), engine: model.deployable ? null : engines[0]?.name ?? null, isolation: 'required', context: '', limits: typed(usualLimits) }));
  const choice: Choice = { ...chosen, model, version };
  const deploying = useDeploying(choice);
  const running = usePullUnderWay(choice);
  const sound = [problemOf(choice.name, taken) === undefined && (model.deployable || choice.engine !== null), placeIsSound(choice), true][step] ?? false;
  const change = (change: Partial<Choice>): void => setChosen({ ...chosen, ...change });
  return (
    <Section label="Deploy a model">
      <ol className={styles.steps} aria-label="Steps">{titles.map((title, i) => <li key={title} className={mergeClasses(i === step && styles.current)} aria-current={i === step ? 'step' : undefined}>{`${i + 1}. ${title}`}</li>)}</ol>
      <form className={styles.form} onSubmit={(event) => { event.preventDefault(); if (!sound || deploying.busy) return; if (step < 2) setStep(step + 1); else deploying.start(); }}>
        <Heading key={step} text={titles[step] ?? ''} quiet={step === 0} />
        {step === 0 ? <>{pick}<NameField name={choice.name} taken={taken} onChange={(name) => change({ name })} /></> : step === 1 ? <PlaceStep choice={choice} engines={engines} onChange={change} /> : <ReviewStep choice={choice} />}
        {step === 2 && deploying.pull ? <PullProgress pull={deploying.pull} /> : running ? <PullProgress pull={running} hint="Its pull is under way already. Go on here: Deploy waits for it." /> : null}
        {step === 2 && deploying.error ? <Failure error={deploying.error} /> : null}
        <div className={styles.buttons}>
          {step === 0 ? null : <Button onClick={() => setStep(step - 1)} disabled={deploying.busy}>Back</Button>}
          <Button appearance="primary" type="submit" disabled={!sound || deploying.busy || deploying.created !== undefined}>{step < 2 ? 'Next' : 'Deploy'}</Button>
          {deploying.busy ? <Spinner size="tiny" label={deploying.pull ? 'Pulling' : 'Creating'} /> : null}
        </div>
      </form>
      <Keys created={deploying.created} />
    </Section>
  );
}

/** A pull of this model that somebody has begun, here or elsewhere. */
function usePullUnderWay(choice: Choice): Pull | undefined {
  const { model } = choice;
  const { data } = useOperation('listPulls', { query: { model: model.name } }, { enabled: needsPull(choice), pollMs: (last) => (last?.data.some((pull) => !ended(pull)) ? 700 : 5000) });
  return needsPull(choice) ? data?.data.find((pull) => pull.modelDigest === model.digest && !ended(pull)) : undefined;
}

/** A screen reader goes on at the step that came. */
function Heading({ text, quiet }: { text: string; quiet: boolean }): ReactNode {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => { if (!quiet) heading.current?.focus(); }, [quiet]);
  return <h2 ref={heading} tabIndex={-1} className={styles.heading}>{text}</h2>;
}

function Keys({ created }: Pick<Deploying, 'created'>): ReactNode {
  const [, navigate] = useLocation();
  if (!created) return null;
  const { id, name, primaryKey, secondaryKey } = created;
  const goOn = (): void => { rememberKey(id, primaryKey); navigate(`/deployments/${name}`, { replace: true }); };
  return <KeysDialog title={`The keys of ${name}`} keys={[['Primary', primaryKey], ['Secondary', secondaryKey]]} onStored={goOn}>{name} is created. These keys are shown only now: store them where your programs find them. A lost one can be replaced on the deployment's page.</KeysDialog>;
}
