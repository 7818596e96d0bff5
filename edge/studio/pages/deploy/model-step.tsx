import type { ReactNode } from 'react';
import { Field, Input, Link, makeStyles, Select } from '@fluentui/react-components';
import type { AnswerOf } from '../../api/call.ts';
import { problemOf } from '../../deployments/name.ts';

export type Offered = AnswerOf<'listModels'>['data'][number];

// A long name of a model must not widen the page.
const useStyles = makeStyles({ field: { gridTemplateColumns: 'minmax(0, 1fr)' } });

export function ModelChoice({ offered, chosen, onChoose }: { offered: readonly Offered[]; chosen: string; onChoose: (name: string) => void }): ReactNode {
  const styles = useStyles();
  const known = chosen === '' || offered.some(({ name }) => name === chosen);
  return (
    <Field className={styles.field} label="Model" hint={<>Models that run on this installation or on an engine registered for them. <Link href="/studio/catalog">See all in the catalog</Link></>}>
      <Select value={chosen} onChange={(_event, { value }) => onChoose(value)}>
        <option value="">Choose a model</option>
        {known ? null : <option value={chosen}>{chosen}</option>}
        {offered.map(({ name, displayName }) => <option key={name} value={name}>{`${displayName} (${name})`}</option>)}
      </Select>
    </Field>
  );
}

export function NameField({ name, taken, onChange }: { name: string; taken: readonly string[]; onChange: (name: string) => void }): ReactNode {
  const problem = problemOf(name, taken);
  return (
    <Field label="Name" required hint="What programs send as the model. It cannot be changed later." {...(problem === undefined ? {} : { validationMessage: problem })}>
      <Input value={name} autoComplete="off" spellCheck={false} maxLength={63} onChange={(_event, { value }) => onChange(value)} />
    </Field>
  );
}
