/** A model in the list, as a card of one size. */
import { memo } from 'react';
import type { ReactNode } from 'react';
import { Link as RouterLink } from 'wouter';
import { Badge, Link, makeStyles, mergeClasses, SkeletonItem, Text, tokens } from '@fluentui/react-components';
import { PullBadge } from '../../models/model-badges.tsx';
import { parametersOf, sizeOf, taskNames } from '../../models/words.ts';
import type { Summary } from '../../models/words.ts';
import { Choose } from './choose.tsx';

const useStyles = makeStyles({
  card: { display: 'flex', flexDirection: 'column', rowGap: tokens.spacingVerticalXS, padding: tokens.spacingHorizontalM, overflow: 'hidden', borderRadius: tokens.borderRadiusLarge, backgroundColor: tokens.colorNeutralBackground1, border: `1px solid ${tokens.colorNeutralStroke2}`, ':focus-within': { border: `1px solid ${tokens.colorStrokeFocus2}` } },
  head: { display: 'flex', alignItems: 'flex-start', justifyContent: 'space-between', gap: tokens.spacingHorizontalS, minWidth: 0 }, names: { minWidth: 0, display: 'flex', flexDirection: 'column' },
  one: { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', minWidth: 0 }, quiet: { color: tokens.colorNeutralForeground2 },
  summary: { flex: '0 0 40px', overflow: 'hidden', overflowWrap: 'anywhere' },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalS, overflow: 'hidden', maxHeight: '24px' },
});

/** Where it stands is given in single values, so that one that stays where it is is not made again. `stop`: Tab leads to it. */
export interface Shown { model: Summary | undefined; className: string | undefined; x: number; y: number; width: string; height: number; at: number; total: number; stop: boolean }
export const placeOf = ({ x, y, width, height }: Pick<Shown, 'x' | 'y' | 'width' | 'height'>): React.CSSProperties => ({ height: `${height}px`, width, transform: `translate(${x}px, ${y}px)` });

export const ModelCard = memo(function ModelCard({ model, className, at, total, stop, ...place }: Shown): ReactNode {
  const styles = useStyles();
  const item = { 'aria-setsize': total, 'aria-posinset': at + 1, 'data-at': at, className: mergeClasses(styles.card, className), style: placeOf(place) };
  if (!model) return <li {...item} aria-busy tabIndex={-1}><SkeletonItem size={20} /><SkeletonItem size={48} /></li>;
  return (
    <li {...item}>
      <div className={styles.head}>
        <div className={styles.names}>
          <RouterLink href={`/catalog/${encodeURIComponent(model.name)}`} asChild><Link className={styles.one} tabIndex={stop ? 0 : -1}><Text weight="semibold" size={400} className={styles.one} block><bdi>{model.displayName}</bdi></Text></Link></RouterLink>
          <Text size={200} className={mergeClasses(styles.one, styles.quiet)}>{model.name} {model.version}</Text>
        </div>
        <Choose name={model.name} />
      </div>
      <Text size={200} className={mergeClasses(styles.one, styles.quiet)}><bdi>{model.publisher}</bdi></Text>
      <Text className={styles.summary}><bdi>{model.summary}</bdi></Text>
      <Text size={200} className={mergeClasses(styles.one, styles.quiet)}>{[model.licence, model.parameters === undefined ? undefined : `${parametersOf(model.parameters)} parameters`, model.size === undefined ? 'size not known' : sizeOf(model)].filter((word) => word !== undefined).join(' · ')}</Text>
      <div className={styles.line}><Badge appearance="outline" size="large">{taskNames[model.task]}</Badge><PullBadge model={model} /></div>
    </li>
  );
});
