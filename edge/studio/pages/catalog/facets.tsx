/** Values to choose from, each with how many models it would leave. One of each kind at a time; choosing it again lets it go. */
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { Checkmark16Filled } from '@fluentui/react-icons';
import { bytes, count } from '../../frame/format.ts';
import { deployableNames, pullNames, taskNames } from '../../models/words.ts';
import type { ModelList } from '../../models/words.ts';
import { facetNames, parameterOf } from './filters.ts';
import type { Asked, FacetName } from './filters.ts';

const titles: Record<FacetName, string> = { task: 'Task', deployable: 'Engine', pull: 'State', size: 'Size', licence: 'Licence', publisher: 'Publisher' };
/** Values that are shown before "Show all". */
const few = 6;
const useStyles = makeStyles({
  facets: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalL },
  list: { listStyleType: 'none', margin: 0, padding: 0 }, title: { display: 'block', marginBottom: tokens.spacingVerticalXS },
  value: {
    width: '100%', display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalS, minHeight: '28px', paddingInline: tokens.spacingHorizontalS, border: 'none', borderRadius: tokens.borderRadiusMedium, backgroundColor: 'transparent',
    color: tokens.colorNeutralForeground1, font: 'inherit', fontSize: tokens.fontSizeBase300, textAlign: 'start', cursor: 'pointer',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover }, ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}` },
  },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected, fontWeight: tokens.fontWeightSemibold },
  name: { flex: '1 1 auto', minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }, count: { color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  mark: { width: '16px', flex: '0 0 16px', display: 'inline-flex' },
});

export function nameOfValue(facet: FacetName, value: string): string {
  switch (facet) {
    case 'task': return Object.hasOwn(taskNames, value) ? taskNames[value as keyof typeof taskNames] : value;
    case 'pull': return Object.hasOwn(pullNames, value) ? pullNames[value as keyof typeof pullNames] : value;
    case 'deployable': return Object.hasOwn(deployableNames, value) ? deployableNames[value as keyof typeof deployableNames] : value;
    case 'size': return `up to ${bytes(Number(value))}`;
    default: return value;
  }
}

export function Facets({ facets, asked }: { facets: ModelList['facets'] | undefined; asked: Asked }): ReactNode {
  const styles = useStyles();
  return <div className={styles.facets}>{facetNames.map((name) => <Facet key={name} name={name} values={facets?.[name] ?? []} asked={asked} />)}</div>;
}

function Facet({ name, values, asked }: { name: FacetName; values: ModelList['facets']['task']; asked: Asked }): ReactNode {
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const chosen = asked.chosen(name);
  const worth = values.filter(({ value, count: found }) => found > 0 || value === chosen);
  if (worth.length === 0) return null;
  const shown = all ? worth : worth.filter(({ value }, i) => i < few || value === chosen);
  return (
    <div role="group" aria-label={titles[name]}>
      <Text weight="semibold" className={styles.title}>{titles[name]}</Text>
      <ul className={styles.list}>
        {shown.map(({ value, count: found }) => (
          <li key={value}>
            <button type="button" className={mergeClasses(styles.value, value === chosen && styles.chosen)} aria-pressed={value === chosen} title={nameOfValue(name, value)} onClick={() => asked.set({ [parameterOf(name)]: value === chosen ? undefined : value })}>
              <span className={styles.mark} aria-hidden>{value === chosen ? <Checkmark16Filled /> : null}</span>
              <bdi className={styles.name}>{nameOfValue(name, value)}</bdi><span className={styles.count}>{count(found)}</span>
            </button>
          </li>
        ))}
      </ul>
      {worth.length > few ? <Button size="small" appearance="transparent" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Show fewer' : `Show all ${worth.length}`}</Button> : null}
    </div>
  );
}
