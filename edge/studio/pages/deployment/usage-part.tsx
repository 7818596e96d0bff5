import { useState } from 'react';
import type { ReactNode } from 'react';
import { Tab, TabList } from '@fluentui/react-components';
import { CliLine } from '../../frame/code.tsx';
import { Section } from '../../frame/page.tsx';
import { UsagePlots } from '../../usage/plots.tsx';
import { rangeOf } from '../../usage/range.ts';
import type { Preset } from '../../usage/range.ts';
import { useHour } from '../../usage/use-hour.ts';

const titles: [Preset, string][] = [['today', 'Today'], ['7d', '7 days'], ['30d', '30 days']];

export function UsagePart({ name }: { name: string }): ReactNode {
  const [preset, setPreset] = useState<Preset>('today');
  const range = rangeOf(preset, useHour());
  return (
    <Section title="Usage" actions={<TabList size="small" selectedValue={preset} onTabSelect={(_event, { value }) => setPreset(value as Preset)} aria-label="Range of usage">{titles.map(([value, title]) => <Tab key={value} value={value}>{title}</Tab>)}</TabList>}>
      <UsagePlots range={range} deployment={name} />
      <CliLine line={`npx modelkeep usage --by ${range.step} --deployment ${name}`} />
    </Section>
  );
}
