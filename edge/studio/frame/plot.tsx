/** Stacked bars over time. Read by eye, by pointer, by arrow keys one step after another, or as a table. */
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode, RefObject } from 'react';
import { Button, makeStyles, mergeClasses, Skeleton, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { DataBarVertical20Regular, Table20Regular } from '@fluentui/react-icons';
import { Bars, colours } from './plot-bars.tsx';
import { count } from './format.ts';

export interface Series { name: string; points: readonly { at: string; value: number }[] }
/** `step`: how its times are written. `unit`: plural, as in `requests`. Every series has the same times. */
interface Plotted { series: readonly Series[]; unit: string; label: string; step: 'hour' | 'day' }

const useStyles = makeStyles({
  whole: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalS, minWidth: 0 },
  head: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalM, alignItems: 'center', justifyContent: 'space-between' },
  area: { borderRadius: tokens.borderRadiusMedium, minWidth: 0, cursor: 'crosshair', ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' } },
  said: { minHeight: tokens.lineHeightBase300, color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums' },
  legend: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalL, rowGap: tokens.spacingVerticalXS, listStyleType: 'none', margin: 0, padding: 0 },
  entry: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS, overflowWrap: 'anywhere' },
  swatch: { flex: '0 0 auto', width: '12px', height: '12px', borderRadius: tokens.borderRadiusSmall, forcedColorAdjust: 'none' },
  scroll: { maxHeight: '300px', overflow: 'auto' },
  table: { borderCollapse: 'collapse', width: '100%', fontVariantNumeric: 'tabular-nums' },
  cell: { textAlign: 'end', padding: tokens.spacingHorizontalXS, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, whiteSpace: 'nowrap' },
  first: { textAlign: 'start' },
});

/** The height of the drawing: a skeleton takes as much. */
export const plotHeight = 200;
const hours = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const dates = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
/** Days are the server's, in UTC; hours are told in the person's own zone. */
const written = (at: string, step: 'hour' | 'day'): string => (step === 'day' ? days : hours).format(new Date(at));
/** Below the axis, where there is little room. */
const brief = (at: string, step: 'hour' | 'day', steps: number): string => (step === 'day' ? dates : steps <= 25 ? clock : hours).format(new Date(at));

export function Plot({ series, unit, label, step }: Plotted): ReactNode {
  const styles = useStyles();
  const [asTable, setAsTable] = useState(false);
  const title = useId();
  return (
    <figure className={styles.whole} style={{ margin: 0 }} aria-labelledby={title}>
      <div className={styles.head}>
        <Text weight="semibold" id={title}>{label}</Text>
        <Button appearance="subtle" size="small" icon={asTable ? <DataBarVertical20Regular /> : <Table20Regular />} onClick={() => setAsTable(!asTable)}>{asTable ? 'Show as plot' : 'Show as table'}</Button>
      </div>
      {asTable ? <PlotTable series={series} unit={unit} label={label} step={step} /> : <PlotArea series={series} unit={unit} label={label} step={step} />}
    </figure>
  );
}

function PlotArea({ series, unit, label, step }: Plotted): ReactNode {
  const styles = useStyles();
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const times = series[0]?.points.map(({ at }) => at) ?? [];
  const last = Math.max(0, times.length - 1);
  const [chosen, setChosen] = useState<number>();
  const at = Math.min(chosen ?? last, last);
  const saying = say(series, at, unit, step);
  const byKey = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowDown: at - 1, ArrowRight: at + 1, ArrowUp: at + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setChosen(Math.min(last, Math.max(0, to)));
  };
  return (
    <>
      <div
        ref={area} className={styles.area} style={{ height: plotHeight }} tabIndex={0} role="slider" aria-label={`${label}, one step after another`} aria-orientation="horizontal" aria-valuemin={0} aria-valuemax={last} aria-valuenow={at} aria-valuetext={saying}
        onKeyDown={byKey} onPointerLeave={() => setChosen(undefined)}
        onPointerMove={({ clientX, currentTarget }) => { const box = currentTarget.getBoundingClientRect(); setChosen(Math.min(last, Math.max(0, Math.floor(((clientX - box.left) / box.width) * times.length)))); }}
      >
        <Bars series={series} width={width} height={plotHeight} chosen={chosen === undefined ? undefined : at} written={(time) => brief(time, step, times.length)} />
      </div>
      <Text size={200} className={styles.said}>{chosen === undefined ? overall(series, unit) : saying}</Text>
      {series.length < 2 ? null : <ul className={styles.legend}>{series.map(({ name }, i) => <li key={name} className={styles.entry}><span className={styles.swatch} style={{ backgroundColor: colours[i % colours.length] }} /><Text size={200}>{name}</Text></li>)}</ul>}
    </>
  );
}

function say(series: readonly Series[], at: number, unit: string, step: 'hour' | 'day'): string {
  const time = series[0]?.points[at]?.at;
  if (time === undefined) return 'nothing';
  const parts = series.map(({ name, points }) => ({ name, value: points[at]?.value ?? 0 }));
  const sum = parts.reduce((all, { value }) => all + value, 0);
  const each = series.length < 2 ? '' : parts.filter(({ value }) => value > 0).map(({ name, value }) => `, ${name} ${count(value)}`).join('');
  return `${written(time, step)}: ${count(sum)} ${unit}${each}`;
}

const overall = (series: readonly Series[], unit: string): string => `${count(series.reduce((all, { points }) => all + points.reduce((sum, { value }) => sum + value, 0), 0))} ${unit} in all`;

function PlotTable({ series, label, unit, step }: Plotted): ReactNode {
  const styles = useStyles();
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table className={styles.table}>
        <thead><tr><th scope="col" className={mergeClasses(styles.cell, styles.first)}>{step === 'day' ? 'Day (UTC)' : 'Hour'}</th>{series.map(({ name }) => <th key={name} scope="col" className={styles.cell}>{series.length < 2 ? unit : name}</th>)}</tr></thead>
        <tbody>{series[0]?.points.map(({ at }, i) => <tr key={at}><th scope="row" className={mergeClasses(styles.cell, styles.first)}>{written(at, step)}</th>{series.map(({ name, points }) => <td key={name} className={styles.cell}>{count(points[i]?.value ?? 0)}</td>)}</tr>)}</tbody>
      </table>
    </div>
  );
}

/** As high as what it stands for. */
export function PlotSkeleton({ label }: { label: string }): ReactNode {
  const styles = useStyles();
  return <Skeleton className={styles.whole} aria-label={`${label} is being read`}><SkeletonItem size={24} style={{ width: '30%' }} /><SkeletonItem style={{ height: plotHeight }} /><SkeletonItem size={16} style={{ width: '20%' }} /></Skeleton>;
}

function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = of.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, [of]);
  return width;
}
