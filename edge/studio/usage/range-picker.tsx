/** Chooses the range: three that are asked for most, or one's own. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Dropdown, Field, Input, makeStyles, Option, tokens } from '@fluentui/react-components';
import { customRange, dateField, presets } from './range.ts';
import type { Preset } from './range.ts';

const useStyles = makeStyles({ line: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'flex-start' }, choice: { minWidth: '160px' } });
const titles: Record<Preset | 'custom', string> = { today: 'Today', '7d': 'Last 7 days', '30d': 'Last 30 days', custom: 'Other days' };
export type Choice = Preset | 'custom';
export const isPreset = (text: string | null): text is Preset => presets.some((each) => each === text);

/** `onCustom`: called with a range that makes sense, and with its days. */
export function RangePicker({ choice, first, last, onPreset, onCustom }: { choice: Choice; first: string; last: string; onPreset: (preset: Preset) => void; onCustom: (first: string, last: string) => void }): ReactNode {
  const styles = useStyles();
  const [days, setDays] = useState<[string, string]>([first, last]);
  const change = (next: [string, string]): void => { setDays(next); if (customRange(...next)) onCustom(...next); };
  const wrong = choice === 'custom' && !customRange(...days) ? 'The last day must not be before the first, and at most two years are shown.' : undefined;
  return (
    <div className={styles.line}>
      <Field label="Range">
        <Dropdown className={styles.choice} value={titles[choice]} selectedOptions={[choice]} onOptionSelect={(_event, { optionValue }) => { if (isPreset(optionValue ?? null)) onPreset(optionValue as Preset); else { setDays([first, last]); onCustom(first, last); } }}>
          {([...presets, 'custom'] as const).map((each) => <Option key={each} value={each}>{titles[each]}</Option>)}
        </Dropdown>
      </Field>
      {choice === 'custom' ? <>
        <Field label="First day (UTC)"><Input type="date" value={days[0]} max={dateField(new Date())} onChange={(_event, { value }) => change([value, days[1]])} /></Field>
        <Field label="Last day (UTC)" {...(wrong === undefined ? {} : { validationMessage: wrong })}><Input type="date" value={days[1]} onChange={(_event, { value }) => change([days[0], value])} /></Field>
      </> : null}
    </div>
  );
}

