/** The list: a hundred thousand rows, of which those in the window are in the document. Each has its height before it is read. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { makeStyles, mergeClasses, Text, tokens } from '@fluentui/react-components';
import { count } from '../../frame/format.ts';
import { Moment } from '../../frame/moment.tsx';
import { actorInWords } from '../../ledger/actors.ts';
import { kindInWords } from '../../ledger/kinds.ts';
import type { Entries, Entry } from './use-entries.ts';

const height = 56;
const narrow = '@media (max-width: 699px)';
const columns = '88px minmax(0, 1.4fr) minmax(0, 1.6fr) minmax(0, 1fr) 140px';
const useStyles = makeStyles({
  table: { backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusLarge, border: `1px solid ${tokens.colorNeutralStroke2}`, minWidth: 0 },
  body: { position: 'relative' },
  row: {
    display: 'grid', gridTemplateColumns: columns, columnGap: tokens.spacingHorizontalM, alignItems: 'center', height: `${height}px`, boxSizing: 'border-box', paddingInline: tokens.spacingHorizontalM, borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [narrow]: { gridTemplateColumns: '72px minmax(0, 1fr) 96px' },
  },
  place: { position: 'absolute', top: 0, left: 0, right: 0 },
  chosen: { backgroundColor: tokens.colorNeutralBackground1Selected },
  cell: { minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  wide: { [narrow]: { display: 'none' } },
  mono: { fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200 },
  link: { color: tokens.colorBrandForegroundLink, fontVariantNumeric: 'tabular-nums', paddingBlock: tokens.spacingVerticalS },
  waiting: { color: tokens.colorNeutralForeground3 },
});

/** Distance of an element from the top of the document. */
function useTop(): { ref: React.RefObject<HTMLDivElement | null>; top: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => { if (ref.current) setTop(Math.round(ref.current.getBoundingClientRect().top + window.scrollY)); };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return { ref, top };
}

interface Shown { entries: Entries; chosen: number | undefined; onRange: (from: number, to: number) => void; hrefOf: (index: number) => string }
export function EntryList({ entries, chosen, onRange, hrefOf }: Shown): ReactNode {
  const styles = useStyles();
  const { ref, top } = useTop();
  const virtualizer = useWindowVirtualizer({ count: entries.total, estimateSize: () => height, overscan: 8, scrollMargin: top });
  const items = virtualizer.getVirtualItems();
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  useEffect(() => onRange(from, to), [onRange, from, to]);
  return (
    <div className={styles.table} role="table" aria-label="Entries" aria-rowcount={entries.total + 1}>
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={styles.row}>
          <Text role="columnheader" weight="semibold">Entry</Text><Text role="columnheader" weight="semibold">What</Text><Text role="columnheader" weight="semibold" className={styles.wide}>Object</Text>
          <Text role="columnheader" weight="semibold" className={styles.wide}>By</Text><Text role="columnheader" weight="semibold">When</Text>
        </div>
      </div>
      <div ref={ref} role="rowgroup" className={styles.body} style={{ height: `${entries.total * height}px` }}>
        {items.map(({ index: place, start }) => {
          const entry = entries.at(place);
          return <Row key={place} place={place} y={start - top} entry={entry} chosen={entry !== undefined && entry.index === chosen} href={entry ? hrefOf(entry.index) : ''} />;
        })}
      </div>
    </div>
  );
}

function Row({ place, y, entry, chosen, href }: { place: number; y: number; entry: Entry | undefined; chosen: boolean; href: string }): ReactNode {
  const styles = useStyles();
  return (
    <div role="row" aria-rowindex={place + 2} className={mergeClasses(styles.row, styles.place, chosen && styles.chosen)} style={{ transform: `translateY(${y}px)` }}>
      <span role="cell" className={styles.cell}>{entry ? <RouterLink href={href} className={styles.link} aria-label={`Entry ${entry.index}`}>{count(entry.index)}</RouterLink> : <span className={styles.waiting}>…</span>}</span>
      <span role="cell" className={styles.cell}>{entry ? kindInWords(entry.kind) : ''}</span>
      <span role="cell" className={mergeClasses(styles.cell, styles.wide, styles.mono)}>{entry?.object}</span>
      <span role="cell" className={mergeClasses(styles.cell, styles.wide)}>{entry ? entry.actor.name ?? actorInWords(entry.actor) : ''}</span>
      <span role="cell" className={styles.cell}>{entry ? <Moment at={entry.at} /> : ''}</span>
    </div>
  );
}
