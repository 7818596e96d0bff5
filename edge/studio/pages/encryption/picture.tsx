/** The key hierarchy, drawn: two chains side by side that meet at the files. Its name for a screen reader says all of it; so does the list beneath. */
import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { inWords } from './hierarchy.ts';
import type { Hierarchy, KeyBox } from './hierarchy.ts';
import { layoutOf, lineHeight } from './layout.ts';

const useStyles = makeStyles({
  frame: { minWidth: 0, width: '100%', maxWidth: '880px', marginInline: 'auto' }, picture: { display: 'block', width: '100%', height: 'auto', fontFamily: tokens.fontFamilyBase },
  box: { fill: tokens.colorNeutralBackground2, stroke: tokens.colorNeutralStroke1, strokeWidth: '1.25px' },
  good: { fill: tokens.colorStatusSuccessBackground1, stroke: tokens.colorStatusSuccessForeground1 }, attention: { fill: tokens.colorStatusWarningBackground1, stroke: tokens.colorStatusWarningForeground1 }, bad: { fill: tokens.colorStatusDangerBackground1, stroke: tokens.colorStatusDangerForeground1 },
  closed: { strokeDasharray: '6 4' }, faint: { stroke: tokens.colorNeutralStrokeAccessible },
  title: { fill: tokens.colorNeutralForeground1, fontSize: '13px', fontWeight: '600' }, line: { fill: tokens.colorNeutralForeground1, fontSize: '12px' },
  arrow: { fill: 'none', stroke: tokens.colorNeutralForeground3, strokeWidth: '1.5px' }, head: { fill: tokens.colorNeutralForeground3 },
});

export function Picture({ hierarchy }: { hierarchy: Hierarchy }): ReactNode {
  const styles = useStyles();
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(720);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(Math.max(240, Math.round(entry.contentRect.width))); });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { height, placed, arrows } = useMemo(() => layoutOf(hierarchy, width), [hierarchy, width]);
  const look = ({ look: each, closed }: KeyBox): string => mergeClasses(styles.box, each !== 'plain' && styles[each], closed && styles.closed, closed && each === 'plain' && styles.faint);
  return (
    <div ref={ref} className={styles.frame}>
      <svg className={styles.picture} viewBox={`-1 -1 ${width + 2} ${height + 2}`} role="img" aria-label={`Picture of the keys. ${inWords(hierarchy)}`}>
        <defs><marker id={id} viewBox="0 0 8 8" refX="7" refY="4" markerWidth={6} markerHeight={6} orient="auto"><path d="M0 0L8 4L0 8z" className={styles.head} /></marker></defs>
        {arrows.map(({ path, closed }) => <path key={path} d={path} className={mergeClasses(styles.arrow, closed && styles.closed)} markerEnd={`url(#${id})`} />)}
        {placed.map(({ box, x, y, width: wide, height: tall, lines }) => (
          <g key={box.id}>
            <rect x={x} y={y} width={wide} height={tall} rx="8" className={look(box)} />
            {lines.map(({ text, bold }, i) => <text key={i} x={x + wide / 2} y={y + 20 + i * lineHeight} textAnchor="middle" className={bold ? styles.title : styles.line}>{text}</text>)}
          </g>
        ))}
      </svg>
    </div>
  );
}
