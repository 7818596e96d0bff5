import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, tokens } from '@fluentui/react-components';
import { useAct } from '../../api/use-operation.ts';
import { LimitFields } from '../../deployments/limit-fields.tsx';
import { changed, isSound, limitOptions, typed } from '../../deployments/limits.ts';
import type { TypedLimits } from '../../deployments/limits.ts';
import type { Deployment } from '../../deployments/state.tsx';
import { CliLine } from '../../frame/code.tsx';
import { Facts } from '../../frame/facts.tsx';
import { Failure } from '../../frame/failure.tsx';
import { count, duration } from '../../frame/format.ts';
import { Section } from '../../frame/page.tsx';

const useStyles = makeStyles({ form: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL }, buttons: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS } });
const rate = (value: number): string => (value === 0 ? 'No limit' : count(value));

export function LimitsPart({ deployment, mayChange }: { deployment: Deployment; mayChange: boolean }): ReactNode {
  const [editing, setEditing] = useState(false);
  const { limits } = deployment;
  const actions = mayChange && !editing ? <Button onClick={() => setEditing(true)}>Change limits</Button> : undefined;
  return (
    <Section title="Limits" actions={actions}>
      {editing ? <Edit deployment={deployment} onDone={() => setEditing(false)} /> : <Facts facts={[
        ['Requests a minute', rate(limits.requestsPerMinute)], ['Tokens a minute', rate(limits.tokensPerMinute)], ['Requests at once', count(limits.concurrency)],
        ['Waiting requests', count(limits.queue)], ['Longest wait', duration(limits.queueTimeoutMs)],
      ]} />}
    </Section>
  );
}

function Edit({ deployment: { name, limits }, onDone }: { deployment: Deployment; onDone: () => void }): ReactNode {
  const styles = useStyles();
  const [values, setValues] = useState<TypedLimits>(() => typed(limits));
  const act = useAct('setLimits');
  const change = isSound(values) ? changed(values, limits) : {};
  const nothing = Object.keys(change).length === 0;
  return (
    <form className={styles.form} onSubmit={(event) => { event.preventDefault(); if (!nothing && !act.isPending) act.mutate({ params: { deployment: name }, body: change }, { onSuccess: onDone }); }}>
      <LimitFields limits={values} onChange={setValues} />
      {act.error ? <Failure error={act.error} /> : null}
      <div className={styles.buttons}><Button appearance="primary" type="submit" disabled={nothing || act.isPending}>Save limits</Button><Button onClick={onDone}>Cancel</Button></div>
      <CliLine line={`npx modelkeep deployments limits ${name}${nothing ? ' --rpm 600' : limitOptions(change)}`} />
    </form>
  );
}
