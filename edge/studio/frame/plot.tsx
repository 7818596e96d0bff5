/** A plot of counts over time: bars for the eye, the same numbers as a table for everyone else. */
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, Text, tokens } from '@fluentui/react-components';
import { short } from './format.ts';

export interface Series { name: string; values: readonly number[] }
/** The pattern of stripes tells series apart where colours do not. */
const colours = [tokens.colorBrandBackground, tokens.colorPaletteTealBorderActive, tokens.colorPalettePurpleBorderActive, tokens.colorPaletteMarigoldBorderActive, tokens.colorPaletteBerryBorderActive, tokens.colorNeutralForeground3];
const height = 160;

const useStyles = makeStyles({
  figure: { margin: 0, display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, minWidth: 0 },
  caption: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, alignItems: 'center' },
  plot: { position: 'relative', display: 'flex', alignItems: 'flex-end', gap: '2px', height: `${height}px`, borderBottom: `1px solid ${tokens.colorNeutralStroke1}`, outlineOffset: '2px' },
  column: { flex: '1 1 0', minWidth: '2px', height: '100%', display: 'flex', flexDirection: 'column', justifyContent: 'flex-end', ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover } },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  ends: { display: 'flex', justifyContent: 'space-between', color: tokens.colorNeutralForeground2 },
  legend: { display: 'inline-flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
  swatch: { width: '10px', height: '10px', borderRadius: '2px' },
  hidden: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)', whiteSpace: 'nowrap' },
});

/** `times`: what each value is of, in words. Arrow keys go from one to the next. */
export function Plot({ label, unit, times, series }: { label: string; unit: string; times: readonly string[]; series: readonly Series[] }): ReactNode {
  const styles = useStyles();
  const caption = useId();
  const [at, setAt] = useState<number>();
  const sums = times.map((_time, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const most = Math.max(1, ...sums);
  const told = at === undefined ? `${short(sums.reduce((sum, value) => sum + value, 0))} ${unit} in all` : `${times[at] ?? ''}: ${series.map(({ name, values }) => `${series.length > 1 ? `${name} ` : ''}${short(values[at] ?? 0)}`).join(', ')} ${unit}`;
  const move = (key: string): void => {
    const last = times.length - 1;
    if (key === 'ArrowRight') setAt(Math.min(last, (at ?? -1) + 1));
    if (key === 'ArrowLeft') setAt(Math.max(0, (at ?? times.length) - 1));
    if (key === 'Escape') setAt(undefined);
  };
  return (
    <figure className={styles.figure} aria-labelledby={caption}>
      <figcaption id={caption} className={styles.caption}>
        <Text weight="semibold">{label}</Text><Text size={200} aria-live="polite">{told}</Text>
        {series.length > 1 ? series.map(({ name }, i) => <span key={name} className={styles.legend}><span className={styles.swatch} style={{ backgroundColor: colours[i % colours.length] }} /><Text size={200}>{name}</Text></span>) : null}
      </figcaption>
      <div className={styles.plot} tabIndex={0} role="group" aria-label={`${label}, arrow keys read the values`} onKeyDown={({ key }) => move(key)} onMouseLeave={() => setAt(undefined)}>
        {times.map((time, i) => (
          <div key={time} className={`${styles.column} ${i === at ? styles.chosen : ''}`} onMouseEnter={() => setAt(i)} aria-hidden>
            {series.map(({ name, values }, s) => <div key={name} style={{ height: `${((values[i] ?? 0) / most) * 100}%`, backgroundColor: colours[s % colours.length] }} />)}
          </div>
        ))}
      </div>
      <div className={styles.ends} aria-hidden><Text size={200}>{times[0]}</Text><Text size={200}>most: {short(most)}</Text><Text size={200}>{times.at(-1)}</Text></div>
    </figure>
  );
}
