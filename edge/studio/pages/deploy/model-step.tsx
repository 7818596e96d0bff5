import type { ReactNode } from 'react';
import { Field, Input, Link, makeStyles, SearchBox, Select } from '@fluentui/react-components';
import type { AnswerOf } from '../../api/call.ts';
import { problemOf } from '../../deployments/name.ts';
import { count } from '../../frame/format.ts';

export type Offered = Pick<AnswerOf<'listModels'>['data'][number], 'name' | 'displayName'>;
/** More are found by a word: a list of ten thousand helps nobody. */
export const mostOffered = 50;

// A long name of a model must not widen the page.
const useStyles = makeStyles({ field: { gridTemplateColumns: 'minmax(0, 1fr)' } });

interface Given { offered: readonly Offered[]; /** How many fit the words. */ total: number; words: string; onWords: (words: string) => void; chosen: string; onChoose: (name: string) => void }

export function ModelChoice({ offered, total, words, onWords, chosen, onChoose }: Given): ReactNode {
  const styles = useStyles();
  const known = chosen === '' || offered.some(({ name }) => name === chosen);
  return (
    <>
      {total > mostOffered || words !== '' ? <Field className={styles.field} label="Find a model" hint={total > mostOffered ? `The first ${mostOffered} of ${count(total)} can be chosen below; words leave fewer.` : total === 1 ? '1 model can be chosen below.' : `${count(total)} models can be chosen below.`}><SearchBox value={words} onKeyDown={(event) => { if (event.key === 'Enter') event.preventDefault(); }} onChange={(_event, { value }) => onWords(value)} autoComplete="off" maxLength={200} /></Field> : null}
      <Field className={styles.field} label="Model" hint={<>Models that run on this installation or on an engine registered for them. <Link href="/studio/catalog">See all in the catalog</Link></>}>
        <Select value={chosen} onChange={(_event, { value }) => onChoose(value)}>
          <option value="">Choose a model</option>
          {known ? null : <option value={chosen}>{chosen}</option>}
          {offered.map(({ name, displayName }) => <option key={name} value={name}>{displayName === name ? name : `${displayName} (${name})`}</option>)}
        </Select>
      </Field>
    </>
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
