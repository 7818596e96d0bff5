/** Ten thousand models, of which only those in the window are in the document. Everything has its final height from the start, also what is still to come. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { makeStyles, tokens } from '@fluentui/react-components';
import { ModelCard } from './model-card.tsx';
import { heading, ModelRow } from './model-row.tsx';
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

export function ModelList({ found, view }: { found: Models; view: 'cards' | 'table' }): ReactNode {
  const styles = useStyles();
  const { ref, width, top } = usePlace();
  const lanes = view === 'table' ? 1 : Math.max(1, Math.floor((width + gap) / (leastCard + gap)));
  const rows = Math.ceil(found.total / lanes);
  const height = heights[view];
  const between = view === 'table' ? 0 : gap;
  const virtualizer = useWindowVirtualizer({ count: rows, estimateSize: () => height + between, overscan: 4, scrollMargin: top });
  useEffect(() => { virtualizer.measure(); }, [virtualizer, height, between, lanes]);
  const items = virtualizer.getVirtualItems();
  const last = (items.at(-1)?.index ?? 0) * lanes + lanes;
  const { need } = found;
  useEffect(() => { need(Math.min(found.total, last)); }, [need, last, found.total]);
  const places = items.flatMap(({ index, start }) => Array.from({ length: Math.min(lanes, found.total - index * lanes) }, (_each, lane) => ({ at: index * lanes + lane, lane, y: start - top })));
  const laneWidth = (width - gap * (lanes - 1)) / lanes;
  const body = places.map(({ at, lane, y }) => {
    const model = found.models[at];
    const style = { height: `${height}px`, transform: `translate(${lane * (laneWidth + gap)}px, ${y}px)`, width: view === 'table' ? '100%' : `${laneWidth}px` };
    const where = { total: found.total, at };
    return view === 'table' ? <ModelRow key={at} className={styles.place} style={style} model={model} {...where} /> : <ModelCard key={at} className={styles.place} style={style} model={model} {...where} />;
  });
  const size = { height: `${rows * (height + between)}px` };
  return (
    <div ref={ref} className={found.stale ? styles.stale : undefined} aria-busy={found.stale}>
      {view === 'cards' ? <ul className={styles.list} style={size} aria-label="Models">{body}</ul> : (
        <div className={styles.scroll} role="region" aria-label="Models, scrolls sideways" tabIndex={0}>
          <div className={`${styles.table} ${styles.wide}`} role="table" aria-label="Models" aria-rowcount={found.total + 1}>{heading}<div role="rowgroup" className={styles.list} style={size}>{body}</div></div>
        </div>
      )}
    </div>
  );
}
