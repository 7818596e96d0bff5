/** Fields for limits: numbers as a person types them, and what is wrong with them. */
import type { ReactNode } from 'react';
import { Field, Input, makeStyles, tokens } from '@fluentui/react-components';
import { problemOfLimit } from './limits.ts';
import type { LimitName, TypedLimits } from './limits.ts';

const useStyles = makeStyles({ grid: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 220px), 1fr))', gap: tokens.spacingHorizontalL } });
const fields: [name: LimitName, label: string, hint: string][] = [
  ['requestsPerMinute', 'Requests a minute', '0: no limit'], ['tokensPerMinute', 'Tokens a minute', '0: no limit; in and out together'], ['concurrency', 'Requests at once', 'Further ones wait'],
  ['queue', 'Waiting requests', 'Further ones are refused'], ['queueTimeoutMs', 'Longest wait, ms', 'After it a request is refused'],
];

export function LimitFields({ limits, onChange }: { limits: TypedLimits; onChange: (limits: TypedLimits) => void }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.grid}>
      {fields.map(([name, label, hint]) => {
        const problem = problemOfLimit(name, limits[name]);
        return (
          <Field key={name} label={label} hint={hint} {...(problem === undefined ? {} : { validationMessage: problem })}>
            <Input inputMode="numeric" value={limits[name]} autoComplete="off" onChange={(_event, { value }) => onChange({ ...limits, [name]: value })} />
          </Field>
        );
      })}
    </div>
  );
}
