import type { ReactNode } from 'react';
import { Accordion, AccordionHeader, AccordionItem, AccordionPanel, Field, Input, makeStyles, MessageBar, MessageBarBody, Radio, RadioGroup, Select, Text, tokens } from '@fluentui/react-components';
import { LimitFields } from '../../deployments/limit-fields.tsx';
import { count } from '../../frame/format.ts';
import { requirements } from '../../isolation/words.ts';
import { problemOfContext } from './choice.ts';
import type { Choice, Engine, LocalIsolation } from './choice.ts';

const useStyles = makeStyles({
  part: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL }, words: { display: 'flex', flexDirection: 'column' }, means: { color: tokens.colorNeutralForeground2 }, narrow: { maxWidth: '320px' }, place: { gridTemplateColumns: 'minmax(0, 1fr)' },
});

export function PlaceStep({ choice, engines, onChange }: { choice: Choice; engines: readonly Engine[]; onChange: (change: Partial<Choice>) => void }): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.part}>
      {engines.length === 0 ? null : (
        <Field className={styles.place} label="Where it runs">
          <Select value={choice.engine ?? ''} onChange={(_event, { value }) => onChange({ engine: value === '' ? null : value })}>
            {choice.model.deployable ? <option value="">On this machine, in an isolated worker</option> : null}
            {engines.map(({ name, url }) => <option key={name} value={name}>{`External engine ${name}, ${url}`}</option>)}
          </Select>
        </Field>
      )}
      {choice.engine === null ? <IsolationChoice choice={choice} onChange={onChange} /> : <MessageBar intent="warning" layout="multiline"><MessageBarBody>{requirements['operator-asserted'].means}</MessageBarBody></MessageBar>}
      <More choice={choice} onChange={onChange} />
    </div>
  );
}

function IsolationChoice({ choice, onChange }: { choice: Choice; onChange: (change: Partial<Choice>) => void }): ReactNode {
  const styles = useStyles();
  return (
    <Field label="Isolation">
      <RadioGroup value={choice.isolation} onChange={(_event, { value }) => onChange({ isolation: value as LocalIsolation })}>
        {(['required', 'best-effort'] as const).map((value) => {
          const { title, means } = requirements[value];
          return <Radio key={value} value={value} label={<span className={styles.words}><Text weight="semibold">{title}{value === 'required' ? ' (usual)' : ''}</Text><Text className={styles.means}>{means}</Text></span>} />;
        })}
      </RadioGroup>
    </Field>
  );
}

function More({ choice, onChange }: { choice: Choice; onChange: (change: Partial<Choice>) => void }): ReactNode {
  const styles = useStyles();
  const problem = problemOfContext(choice.context, choice.model);
  const most = choice.model.contextLength;
  return (
    <Accordion collapsible>
      <AccordionItem value="more">
        <AccordionHeader as="h3">More: context and limits</AccordionHeader>
        <AccordionPanel className={styles.part}>
          <Field className={styles.narrow} label="Tokens of context a request" hint={`Nothing: ${most === undefined ? 'what is usual' : `${count(Math.min(most, 4096))}, of at most ${count(most)}`}. More takes more memory.`} {...(problem === undefined ? {} : { validationMessage: problem })}>
            <Input inputMode="numeric" value={choice.context} autoComplete="off" onChange={(_event, { value }) => onChange({ context: value.trim() })} />
          </Field>
          <LimitFields limits={choice.limits} onChange={(limits) => onChange({ limits })} />
        </AccordionPanel>
      </AccordionItem>
    </Accordion>
  );
}
