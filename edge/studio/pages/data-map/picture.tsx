/** The picture. With a class chosen, everything that has to do with it is lit and the rest recedes; the same in words is its name for a screen reader, and the tables below. */
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import type { Graph } from './graph.ts';
import { layoutOf } from './layout.ts';

const useStyles = makeStyles({
  frame: { minWidth: 0, width: '100%' }, picture: { display: 'block', width: '100%', height: 'auto', fontFamily: tokens.fontFamilyBase },
  group: { fill: tokens.colorNeutralBackground2, stroke: tokens.colorNeutralStroke2 }, content: { fill: tokens.colorPaletteMarigoldBackground1 }, groupName: { fill: tokens.colorNeutralForeground2, fontSize: '12px', fontWeight: '600' },
  box: { fill: tokens.colorNeutralBackground1, stroke: tokens.colorNeutralStroke1, strokeWidth: '1px' }, boxLit: { fill: tokens.colorBrandBackground, stroke: tokens.colorBrandBackground },
  name: { fill: tokens.colorNeutralForeground1, fontSize: '12px' }, nameLit: { fill: tokens.colorNeutralForegroundOnBrand, fontWeight: '600' },
  nameAway: { fill: tokens.colorNeutralForeground4 },
  arrow: { fill: 'none', stroke: tokens.colorNeutralStroke1, strokeWidth: '1.25px' }, arrowLit: { stroke: tokens.colorBrandStroke1, strokeWidth: '2.5px' }, dashed: { strokeDasharray: '5 4' },
  away: { opacity: 0.35 }, head: { fill: tokens.colorNeutralStroke1 }, headLit: { fill: tokens.colorBrandStroke1 },
});

function useWidth(): { ref: React.RefObject<HTMLDivElement | null>; width: number } {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1100);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(Math.max(280, Math.round(entry.contentRect.width))); });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, width };
}

/** `label`: the picture in words. */
export function Picture({ graph, chosen, label }: { graph: Graph; chosen: string | undefined; label: string }): ReactNode {
  const styles = useStyles();
  const id = useId();
  const { ref, width } = useWidth();
  const { height, groups, boxes, arrows } = useMemo(() => layoutOf(graph, width), [graph, width]);
  const isLit = (classes: ReadonlySet<string>): boolean => chosen !== undefined && classes.has(chosen);
  // What is lit is drawn last, on top.
  const ordered = [...arrows].sort((a, b) => Number(isLit(a.arrow.classes)) - Number(isLit(b.arrow.classes)));
  return (
    <div ref={ref} className={styles.frame}>
      <svg className={styles.picture} viewBox={`-2 -2 ${width + 24} ${height + 4}`} role="img" aria-label={label}>
        <defs>{(['plain', 'lit'] as const).map((look) => <marker key={look} id={`${id}-${look}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth={look === 'lit' ? 5 : 7} markerHeight={look === 'lit' ? 5 : 7} orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" className={look === 'lit' ? styles.headLit : styles.head} /></marker>)}</defs>
        {groups.map((each) => (
          <g key={each.id}>
            <rect x={each.x} y={each.y} width={each.width} height={each.height} rx="8" className={mergeClasses(styles.group, each.id === 'sees-content' && styles.content)} />
            <text x={each.x + 12} y={each.y + 21} className={styles.groupName}>{each.name}</text>
          </g>
        ))}
        {ordered.map(({ arrow, path }) => {
          const lit = isLit(arrow.classes);
          return <path key={`${arrow.from} ${arrow.to}`} d={path} className={mergeClasses(styles.arrow, arrow.dashed && styles.dashed, lit && styles.arrowLit, chosen !== undefined && !lit && styles.away)} markerEnd={`url(#${id}-${lit ? 'lit' : 'plain'})`} />;
        })}
        {boxes.map(({ box, x, y, width: wide, height: tall }) => {
          const lit = isLit(box.classes);
          return (
            <g key={box.id}>
              <rect x={x} y={y} width={wide} height={tall} rx="6" className={mergeClasses(styles.box, lit && styles.boxLit)} />
              {linesOf(box.name, wide).map((line, i, all) => <text key={line} x={x + wide / 2} y={y + tall / 2 + 4 + (i - (all.length - 1) / 2) * 14} textAnchor="middle" className={mergeClasses(styles.name, lit && styles.nameLit, chosen !== undefined && !lit && styles.nameAway)}>{line}</text>)}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Two lines at most, broken between words. */
function linesOf(name: string, width: number): string[] {
  const most = Math.floor((width - 8) / 7);
  if (name.length <= most) return [name];
  const words = name.split(' ');
  let first = words.shift() ?? '';
  while (words.length > 0 && `${first} ${words[0] ?? ''}`.length <= most) first = `${first} ${words.shift() ?? ''}`;
  const rest = words.join(' ');
  return [first, rest.length > most ? `${rest.slice(0, most - 1)}…` : rest].filter((line) => line !== '');
}
