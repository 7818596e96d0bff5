/** Ten thousand models, of which only those in the window are in the document. Everything has its final height from the start, also what is still to come. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { makeStyles, tokens } from '@fluentui/react-components';
import { mostCompared, select, useSelected } from '../../models/selection.ts';
import { ModelCard } from './model-card.tsx';
import { heading, ModelRow } from './model-row.tsx';
import { useRoving } from './use-roving.ts';
import type { Models } from './use-models.ts';

const heights = { cards: 188, table: 48 };
const leastCard = 300;
const gap = 16;
const useStyles = makeStyles({
  list: { position: 'relative', listStyleType: 'none', margin: 0, padding: 0 }, stale: { opacity: 0.6 },
  place: { position: 'absolute', top: 0, boxSizing: 'border-box' }, scroll: { overflowX: 'auto', overflowY: 'hidden' }, wide: { minWidth: '860px' },
  table: { backgroundColor: tokens.colorNeutralBackground1, borderRadius: tokens.borderRadiusLarge, border: `1px solid ${tokens.colorNeutralStroke2}` },
});

/** Width of an element and its distance from the top of the document, as they are now. */
function usePlace(): { ref: React.RefObject<HTMLDivElement | null>; width: number; top: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ width: 0, top: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const measure = (): void => {
      const { width, top } = element.getBoundingClientRect();
      setPlace((before) => { const now = { width, top: Math.round(top + window.scrollY) }; return before.width === now.width && before.top === now.top ? before : now; });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  return { ref, ...place };
}

interface Given { found: Models; view: 'cards' | 'table'; question: unknown; /** Called, it leads into the list. */ enter: React.Ref<() => void>; /** Up from the first row. */ leave: () => void }

export function ModelList({ found, view, question, enter, leave }: Given): ReactNode {
  const styles = useStyles();
  const selected = useSelected();
  const { ref, width, top } = usePlace();
  const lanes = view === 'table' ? 1 : Math.max(1, Math.floor((width + gap) / (leastCard + gap)));
  const { total, models, need } = found;
  const rows = Math.ceil(total / lanes);
  const height = heights[view];
  const between = view === 'table' ? 0 : gap;
  const compare = (at: number): void => { const name = models[at]?.name; if (name !== undefined && (selected.includes(name) || selected.length < mostCompared)) select(name, !selected.includes(name)); };
  const virtual = useRef<ReturnType<typeof useWindowVirtualizer>>(null);
  const roving = useRoving({ list: ref, total, lanes, question, enter, leave, onSpace: compare, show: (at) => virtual.current?.scrollToIndex(Math.floor(at / lanes)) });
  const held = roving.held === undefined ? undefined : Math.floor(roving.held / lanes);
  // What has the focus stays in the document, wherever the list is scrolled to.
  const rangeExtractor = useCallback((range: Parameters<typeof defaultRangeExtractor>[0]) => { const seen = defaultRangeExtractor(range); return held === undefined || held >= range.count || seen.includes(held) ? seen : [...seen, held].sort((a, b) => a - b); }, [held]);
  const virtualizer = useWindowVirtualizer({ count: rows, estimateSize: () => height + between, overscan: view === 'table' ? 6 : 2, scrollMargin: top, scrollPaddingStart: 64, scrollPaddingEnd: 64, rangeExtractor });
  useEffect(() => { virtual.current = virtualizer; });
  useEffect(() => { virtualizer.measure(); }, [virtualizer, height, between, lanes]);
  const items = virtualizer.getVirtualItems();
  const last = (items.at(-1)?.index ?? 0) * lanes + lanes;
  useEffect(() => { need(Math.min(total, last)); }, [need, last, total]);
  const stop = roving.stop((items[0]?.index ?? 0) * lanes, last - 1, (virtualizer.range?.startIndex ?? 0) * lanes);
  const laneWidth = (width - gap * (lanes - 1)) / lanes;
  const Item = view === 'table' ? ModelRow : ModelCard;
  const body = items.flatMap(({ index, start }) => Array.from({ length: Math.min(lanes, total - index * lanes) }, (_each, lane) => {
    const at = index * lanes + lane;
    return <Item key={at} className={styles.place} model={models[at]} x={lane * (laneWidth + gap)} y={start - top} width={view === 'table' ? '100%' : `${laneWidth}px`} height={height} at={at} total={total} stop={at === stop} />;
  }));
  const size = { height: `${rows * (height + between)}px` };
  return (
    <div ref={ref} className={found.stale ? styles.stale : undefined} aria-busy={found.stale} onKeyDown={roving.onKeyDown} onFocus={roving.onFocus} onBlur={roving.onBlur}>
      {view === 'cards' ? <ul className={styles.list} style={size} aria-label="Models" aria-describedby="models-keys">{body}</ul> : (
        <div className={styles.scroll} role="region" aria-label="Models, scrolls sideways" tabIndex={0}>
          <div className={`${styles.table} ${styles.wide}`} role="table" aria-label="Models" aria-describedby="models-keys" aria-rowcount={found.total + 1}>{heading}<div role="rowgroup" className={styles.list} style={size}>{body}</div></div>
        </div>
      )}
    </div>
  );
}
