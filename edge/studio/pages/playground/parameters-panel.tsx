/** The fields for what a person can set about an answer. */
import type { ReactNode } from 'react';
import { Dropdown, Field, Input, makeStyles, Option, Switch, tokens } from '@fluentui/react-components';
import { PrivateTextarea } from '../../frame/private-textarea.tsx';
import { defaults } from './parameters.ts';
import type { Parameters } from './parameters.ts';

const useStyles = makeStyles({
  fields: { display: 'grid', gridTemplateColumns: 'repeat(auto-fill, minmax(150px, 1fr))', gap: tokens.spacingHorizontalM, alignItems: 'start' },
  wide: { gridColumn: '1 / -1' }, input: { minWidth: 0, width: '100%' },
});
const formats = { text: 'Text', json_object: 'JSON', json_schema: 'JSON by a schema' } as const;

export function ParametersPanel({ value, problems, onChange }: { value: Parameters; problems: Partial<Record<keyof Parameters, string>>; onChange: (value: Parameters) => void }): ReactNode {
  const styles = useStyles();
  const set = (change: Partial<Parameters>): void => onChange({ ...value, ...change });
  const line = (field: 'temperature' | 'topP' | 'maxTokens' | 'seed', label: string, hint: string): ReactNode => (
    <Field label={label} hint={hint} validationMessage={problems[field]}><Input className={styles.input} value={value[field]} inputMode="decimal" autoComplete="off" placeholder={defaults[field] === '' ? 'default' : defaults[field]} onChange={(_event, { value: text }) => set({ [field]: text })} /></Field>
  );
  return (
    <div className={styles.fields}>
      <Field className={styles.wide} label="System message"><PrivateTextarea value={value.system} onText={(system) => set({ system })} /></Field>
      {line('temperature', 'Temperature', '0 to 2')}
      {line('topP', 'Top p', 'up to 1')}
      {line('maxTokens', 'Most tokens', 'of the answer')}
      {line('seed', 'Seed', 'for the same again')}
      <Field label="Stop at" hint="a line each"><PrivateTextarea className={styles.input} value={value.stop} onText={(stop) => set({ stop })} /></Field>
      <Field label="Form of the answer">
        <Dropdown className={styles.input} value={formats[value.format]} selectedOptions={[value.format]} onOptionSelect={(_event, { optionValue }) => set({ format: (optionValue ?? 'text') as Parameters['format'] })}>
          {Object.entries(formats).map(([id, name]) => <Option key={id} value={id}>{name}</Option>)}
        </Dropdown>
      </Field>
      {value.format === 'json_schema' ? <Field className={styles.wide} label="JSON schema" validationMessage={problems.schema}><PrivateTextarea value={value.schema} placeholder='{"type": "object", "properties": {…}}' onText={(schema) => set({ schema })} /></Field> : null}
      <Switch className={styles.wide} label="Stream the answer" checked={value.stream} onChange={(_event, { checked }) => set({ stream: checked })} />
    </div>
  );
}
